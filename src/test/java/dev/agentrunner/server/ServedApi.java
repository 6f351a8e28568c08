package dev.agentrunner.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.queue.Workflow;
import dev.agentrunner.core.queue.WorkflowInput;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.ProviderCard;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.HandTools;
import dev.agentrunner.port.Registry;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.port.Workspace;
import dev.agentrunner.testing.MemoryRegistry;
import dev.agentrunner.testing.MemoryRunStore;
import dev.agentrunner.testing.MemoryWorkspaces;
import dev.agentrunner.testing.SettableClock;
import dev.agentrunner.testing.Tasks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The API on a local port, with all behind it in memory, and a client of it. */
final class ServedApi implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();
  static final WorkerId WORKER = new WorkerId("worker-1");
  static final TaskId TASK = new TaskId("T1");

  static final Limits QUICK =
      new Limits(
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          Duration.ofSeconds(2),
          Duration.ofMillis(200),
          64,
          200);

  final SettableClock clock = new SettableClock();
  final MemoryRunStore store = new MemoryRunStore(clock);
  final Registry registry = new MemoryRegistry(store);
  final Keys keys = new Keys(registry, new SecureRandom());
  final Broadcast broadcast;
  final ApiServer server;
  final List<RunId> submitted = new CopyOnWriteArrayList<>();
  final List<RunId> commanded = new CopyOnWriteArrayList<>();
  final Map<String, byte[]> files = new HashMap<>();

  /** What every workflow and task list with the word {@code bomb} or {@code wrong} in it gets. */
  static final Fault FAULT = new Fault("/tasks", "this is wrong", 3, 7);

  /** What is sent along as {@code Authorization}; nothing if empty. */
  String key = "";

  private final OkHttpClient http =
      new OkHttpClient.Builder().followRedirects(false).readTimeout(20, TimeUnit.SECONDS).build();

  ServedApi() {
    this(new Listening("127.0.0.1", 0, Set.of(), Set.of("https://friend.test"), QUICK));
  }

  ServedApi(Listening listening) {
    this(listening, Optional.empty());
  }

  /**
   * @param other in the place of the store in memory
   */
  ServedApi(Listening listening, Optional<RunStore> other) {
    RunStore behind = other.orElse(store);
    broadcast = new Broadcast(behind, listening.limits());
    registry.addProject("shop", "/srv/shop");
    server =
        ApiServer.start(
            listening,
            new ApiServer.Parts(
                behind,
                registry,
                broadcast,
                new Bench(),
                new Tools(),
                this::open,
                new Nudge(),
                clock,
                new SecureRandom(),
                "1.2.3"));
  }

  /** Files in memory, and a tool that repeats what it is told. */
  private static final class Tools implements ProjectTools {

    private final MemoryWorkspaces workspaces = new MemoryWorkspaces();

    @Override
    public Workspace files(Project project) {
      return workspaces.open(Tasks.task("T1"));
    }

    @Override
    public List<ToolSpec> tools(Project project) {
      return List.of(
          new ToolSpec("echo", "Repeats.", Map.of("type", "object")),
          new ToolSpec("git_status", "Says how things stand.", Map.of("type", "object")));
    }

    @Override
    public HandTools.Told call(Project project, ToolCall call) {
      return new HandTools.Told(call.name() + " " + call.arguments(), false);
    }
  }

  private Optional<InputStream> open(ArtifactRecord artifact, long from) {
    return Optional.ofNullable(files.get(artifact.uri()))
        .map(all -> Arrays.copyOfRange(all, (int) from, all.length))
        .map(ByteArrayInputStream::new);
  }

  private final class Nudge implements Wake {
    @Override
    public void submitted(RunId run) {
      submitted.add(run);
    }

    @Override
    public void commanded(RunId run) {
      commanded.add(run);
    }
  }

  private static final class Bench implements Workshop {

    @Override
    public List<Fault> check(Project project, RunOrder order) {
      return order.list().contains("wrong") ? List.of(FAULT) : List.of();
    }

    @Override
    public Made make(Workflow workflow, Map<String, Object> inputs) {
      return new Made.List("{\"made\":\"%s\",\"inputs\":%s}".formatted(workflow.name(), inputs));
    }

    @Override
    public List<WorkflowInput> inputs(Workflow workflow) {
      return List.of(new WorkflowInput("name", "", "string", List.of(), Optional.empty()));
    }

    @Override
    public Verdict checkWorkflow(String source) {
      if (source.contains("bomb")) {
        return new Verdict(false, List.of(FAULT));
      }
      return source.contains("wrong") ? new Verdict(true, List.of(FAULT)) : Verdict.sound();
    }

    @Override
    public List<ProviderCard> providers() {
      return List.of();
    }
  }

  /**
   * An answer, read to its end.
   *
   * @param headers the first of each, by lower-case name
   */
  record Got(int status, Map<String, String> headers, byte[] bytes) {

    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    JsonNode json() {
      try {
        return JSON.readTree(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(text(), e);
      }
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }

    String code() {
      return json().path("code").asText();
    }
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  /** Makes a key and sends it along from now on. */
  ServedApi as(Scope scope) {
    key = keys.add(Shown.lower(scope), Set.of(scope), clock.instant(), Optional.empty()).secret();
    return this;
  }

  Got get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  Got post(String path, String json, String... headers) {
    return send("POST", path, json, headers);
  }

  /**
   * Sends a request.
   *
   * @param body JSON, unless the headers say otherwise
   * @param headers names and values in turn
   */
  Got send(String method, String path, String body, String... headers) {
    var request = new Request.Builder().url(url(path));
    String type = "application/json";
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].equalsIgnoreCase("Content-Type")) {
        type = headers[i + 1];
      } else {
        request.header(headers[i], headers[i + 1]);
      }
    }
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    boolean bodily = !List.of("GET", "HEAD", "DELETE", "OPTIONS", "TRACE").contains(method);
    byte[] bytes = (body == null ? "" : body).getBytes(StandardCharsets.UTF_8);
    MediaType media = body == null ? null : MediaType.get(type);
    request.method(method, bodily || body != null ? RequestBody.create(bytes, media) : null);
    try (Response response = http.newCall(request.build()).execute()) {
      Map<String, String> given = new HashMap<>();
      response.headers().forEach(one -> given.putIfAbsent(one.getFirst(), one.getSecond()));
      Map<String, String> lower = new HashMap<>();
      given.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
      return new Got(response.code(), lower, response.body().bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Runs

  /** A run that was asked for. */
  RunId run() {
    return new RunId(post("/runs", "{\"goal\":\"Mend the door\"}").json().path("id").asText());
  }

  /** Writes events of a run as the worker that holds it. */
  Writer writer(RunId run) {
    return new Writer(store.claim(run, WORKER, Duration.ofMinutes(5)).orElseThrow());
  }

  /** The one who writes a run's events. */
  final class Writer {

    private final Lease lease;
    private long seq;

    private Writer(Lease lease) {
      this.lease = lease;
      this.seq = store.run(lease.run()).orElseThrow().seq();
    }

    Writer append(RunEvent... events) {
      for (RunEvent event : events) {
        seq++;
        store.log(lease).append(lease.run(), List.of(new Recorded(seq, clock.instant(), event)));
      }
      return this;
    }

    Writer started() {
      return append(
          new RunEvent.RunStarted(
              "goal",
              List.of(
                  new RunEvent.RunStarted.Planned(TASK, "Mend the door", "d1", Optional.empty())),
              "claude",
              "a-model",
              "1.2.3"),
          new RunEvent.TaskStarted(TASK));
    }

    Writer warned(int times) {
      for (int i = 0; i < times; i++) {
        append(new RunEvent.RunWarned("number " + (seq + 1)));
      }
      return this;
    }

    Writer completed() {
      return append(new RunEvent.TaskCompleted(TASK, true, ""), new RunEvent.RunCompleted());
    }

    long seq() {
      return seq;
    }
  }

  @Override
  public void close() {
    server.close();
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
