package dev.agentrunner.bench;

import dev.agentrunner.adapter.sql.Database;
import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.RunCompleted;
import dev.agentrunner.core.run.RunEvent.RunWarned;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.testing.FakeProvider;
import dev.agentrunner.testing.Orders;
import dev.agentrunner.testing.Reaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast a server is for its clients: {@code ServeLoad LAUNCHER FOLDER URL}. Each figure stands
 * beside what is aimed at. The model is a {@link FakeProvider} in this process.
 */
public final class ServeLoad {

  private static final int PROJECTS = 16;
  private static final int SLOTS = 16;
  private static final int STEPS = 40;
  private static final int LOG_EVENTS = 2_000;
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
  private static final Pattern AT = Pattern.compile("\"at\":\"([^\"]+)\"");
  private static final Pattern COMPLETED =
      Pattern.compile("agent_runner_runs\\{[^}]*status=\"completed\"[^}]*} (\\S+)");

  private final Path launcher;
  private final Path folder;
  private final String url;
  private volatile long thinkingNanos;

  private ServeLoad(Path launcher, Path folder, String url) {
    this.launcher = launcher;
    this.folder = folder;
    this.url = url;
  }

  /** See above. */
  public static void main(String[] arguments) throws Exception {
    var load = new ServeLoad(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
    try (FakeProvider model = FakeProvider.playing(asked -> load.thoughtOver())) {
      load.all(model);
    }
  }

  private Reaction thoughtOver() {
    LockSupport.parkNanos(thinkingNanos);
    return Reaction.finishes("Nothing was to be done.");
  }

  private void all(FakeProvider model) throws Exception {
    longLog();
    bareSyncs();
    try (ServedProcess idle = started(SLOTS)) {
      say("ready, first start", idle.readySeconds() * 1e3, "ms", "1500");
      LockSupport.parkNanos(3_000_000_000L);
      say("memory at rest", (double) idle.residentMegabytes(), "MB", "200");
    }
    try (ServedProcess silent = started(0)) {
      register(silent, model);
      submits(silent);
    }
    try (ServedProcess server = started(SLOTS)) {
      say("ready", server.readySeconds() * 1e3, "ms", "1500");
      drained(server);
      starts(server);
      manyRuns(server);
      manySteps(server);
      deliveries(server);
      followers(server);
      say("memory after all this", (double) server.residentMegabytes(), "MB", "-");
    }
    takeover();
  }

  private ServedProcess started(int slots) throws IOException {
    return new ServedProcess(launcher, folder.resolve("home"), url, slots);
  }

  /** The least that anything durable takes on this disk. */
  private void bareSyncs() throws IOException {
    long[] nanos = new long[400];
    try (FileChannel out =
        FileChannel.open(
            folder.resolve("bare"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] line = new byte[300];
      for (int i = 0; i < nanos.length; i++) {
        long begun = System.nanoTime();
        out.write(ByteBuffer.wrap(line));
        out.force(false);
        nanos[i] = System.nanoTime() - begun;
      }
    }
    say("beside all: append 300 bytes, fdatasync", nanos, "-");
  }

  /** A run that is over, with a long log to be read. */
  private void longLog() {
    try (Database database = Database.open(url)) {
      RunStore store = database.runs();
      store.submit(Orders.id(1), Orders.of("old"));
      Lease lease = store.claim(Orders.id(1), Orders.ANN, Orders.LEASE).orElseThrow();
      Orders.append(store, lease, Orders.started());
      RunEvent[] page = new RunEvent[100];
      Arrays.fill(page, new RunWarned("x".repeat(120)));
      for (int i = 0; i < LOG_EVENTS; i += page.length) {
        Orders.append(store, lease, page);
      }
      Orders.append(store, lease, new RunCompleted());
    }
  }

  private void register(ServedProcess server, FakeProvider model) throws IOException {
    try (var client = new LoopbackClient(server.port())) {
      for (int i = 0; i < PROJECTS; i++) {
        Path project = Files.createDirectories(folder.resolve("p" + i));
        Files.createDirectories(project.resolve(".agent-runner"));
        Files.writeString(
            project.resolve(".agent-runner/config.yml"),
            """
            provider: claude
            model: claude-test
            providers: {claude: {base_url: "%s", api_key_env: BENCH_KEY}}
            hooks: {wait: {command: "touch begun; until test -e go; do sleep 0.01; done", cwd: "."}}
            """
                .formatted(model.address()));
        client.post("/projects", "{\"name\":\"p%d\",\"folder\":\"%s\"}".formatted(i, project));
      }
    }
  }

  private static String order(int project, int tasks, String first) {
    var list = new StringBuilder("version: 1\\ntasks:\\n");
    for (int i = 1; i <= tasks; i++) {
      list.append("  - {id: T%d, title: T%d does it%s}\\n".formatted(i, i, i == 1 ? first : ""));
    }
    return "{\"project\":\"p%d\",\"tasks\":\"%s\"}".formatted(project, list);
  }

  private static String submit(LoopbackClient client, String order) throws IOException {
    LoopbackClient.Reply reply = client.post("/runs", order);
    Matcher id = ID.matcher(reply.body());
    if (reply.status() != 201 || !id.find()) {
      throw new IOException("not taken: " + reply);
    }
    return id.group(1);
  }

  /** Nobody works on what is submitted. */
  private static void submits(ServedProcess server) throws IOException {
    try (var client = new LoopbackClient(server.port())) {
      long[] bare = new long[400];
      long[] nanos = new long[400];
      for (int i = -200; i < nanos.length; i++) {
        long begun = System.nanoTime();
        client.get("/healthz");
        long between = System.nanoTime();
        submit(client, order(Math.floorMod(i, PROJECTS), 1, ""));
        if (i >= 0) {
          bare[i] = between - begun;
          nanos[i] = System.nanoTime() - between;
        }
      }
      say("submit, durable", nanos, "1 / 3");
      say("beside it: GET /healthz", bare, "-");
    }
  }

  private static void drained(ServedProcess server) throws IOException {
    long begun = System.nanoTime();
    double before = completed(server);
    double now = untilCompleted(server, 601);
    sayRate("what had been waiting, runs", now - before, begun, "-");
  }

  private static double completed(ServedProcess server) throws IOException {
    try (var client = new LoopbackClient(server.port())) {
      Matcher count = COMPLETED.matcher(client.get("/metrics").body());
      return count.find() ? Double.parseDouble(count.group(1)) : 0;
    }
  }

  private static double untilCompleted(ServedProcess server, double runs) throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    double now = completed(server);
    while (now < runs && System.nanoTime() < end) {
      LockSupport.parkNanos(10_000_000);
      now = completed(server);
    }
    return now;
  }

  /** From before the order is sent until the event is there, each in a project at rest. */
  private static void starts(ServedProcess server) throws IOException {
    long[] nanos = new long[96];
    for (int i = -32; i < nanos.length; i++) {
      try (var client = new LoopbackClient(server.port());
          var follower = new LoopbackClient(server.port())) {
        var started = new AtomicLong();
        long begun = System.nanoTime();
        String id = submit(client, order(Math.floorMod(i, PROJECTS), 1, ""));
        follower.follow(
            "/runs/" + id + "/events/stream",
            data -> {
              if (data.contains("\"type\":\"run.started\"")) {
                started.set(System.nanoTime() - begun);
              }
            });
        if (i >= 0) {
          nanos[i] = started.get();
        }
      }
    }
    say("submit to run.started on a stream", nanos, "2 / 4");
  }

  private static void manyRuns(ServedProcess server) throws Exception {
    double before = completed(server);
    long begun = System.nanoTime();
    int each = 25;
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int p = 0; p < PROJECTS; p++) {
        int project = p;
        var _ =
            clients.submit(() -> {
              try (var client = new LoopbackClient(server.port())) {
                for (int i = 0; i < each; i++) {
                  submit(client, order(project, 1, ""));
                }
              }
              return true;
            });
      }
    }
    double now = untilCompleted(server, before + PROJECTS * each);
    sayRate("runs with one call of a model, 16 projects", now - before, begun, "300");
  }

  private void manySteps(ServedProcess server) throws IOException {
    thinkingNanos = 10_000_000;
    try (var client = new LoopbackClient(server.port())) {
      long begun = System.nanoTime();
      String id = submit(client, order(0, STEPS, ""));
      client.follow("/runs/" + id + "/events/stream", data -> {});
      double took = (System.nanoTime() - begun) / 1e6;
      say("40 tasks one after another, 10 ms of model each", took, "ms", "1000");
    }
    thinkingNanos = 0;
  }

  /** How long after the time that an event bears it is with its clients. */
  private void followers(ServedProcess server) throws Exception {
    int clients = 500;
    try (var client = new LoopbackClient(server.port());
        ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      String id = submit(client, order(1, STEPS, ", pre_hooks: [wait]"));
      var there = new CountDownLatch(clients);
      List<Future<List<Long>>> late = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        late.add(all.submit(() -> lateness(server, id, there)));
      }
      there.await();
      Files.writeString(folder.resolve("p1/go"), "");
      List<Long> nanos = new ArrayList<>();
      for (Future<List<Long>> one : late) {
        nanos.addAll(one.get());
      }
      say(
          "event to client, 500 clients, %d in all".formatted(nanos.size()),
          nanos.stream().mapToLong(Long::longValue).toArray(),
          "- / 250");
    }
  }

  private static List<Long> lateness(ServedProcess server, String run, CountDownLatch there)
      throws IOException {
    List<Long> nanos = new ArrayList<>();
    try (var client = new LoopbackClient(server.port())) {
      client.follow(
          "/runs/" + run + "/events/stream",
          data -> {
            Matcher at = AT.matcher(data);
            if (there.getCount() > 0) {
              there.countDown(); // What was there before, and with it the stream.
            } else if (at.find()) {
              nanos.add(Duration.between(Instant.parse(at.group(1)), Instant.now()).toNanos());
            }
          });
    }
    return nanos;
  }

  private static void deliveries(ServedProcess server) throws Exception {
    var count = new AtomicLong();
    long begun = System.nanoTime();
    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        var _ =
            all.submit(() -> {
              try (var client = new LoopbackClient(server.port())) {
                client.follow(
                    "/runs/" + Orders.id(1) + "/events/stream", data -> count.incrementAndGet());
              }
              return true;
            });
      }
    }
    sayRate("events read by 100 clients", (double) count.get(), begun, "100000");
  }

  /** On SQLite by the same server started anew, on PostgreSQL by one that is there. */
  private void takeover() throws Exception {
    boolean shared = url.startsWith("postgres");
    Files.deleteIfExists(folder.resolve("p2/begun"));
    ServedProcess first = started(SLOTS);
    String id;
    try (var client = new LoopbackClient(first.port())) {
      id = submit(client, order(2, 1, ", pre_hooks: [wait]"));
    }
    while (!Files.exists(folder.resolve("p2/begun"))) {
      LockSupport.parkNanos(5_000_000);
    }
    ServedProcess beside = shared ? started(SLOTS) : first;
    first.kill();
    long killed = System.nanoTime();
    Files.writeString(folder.resolve("p2/go"), "");
    try (ServedProcess second = shared ? beside : started(SLOTS);
        var client = new LoopbackClient(second.port())) {
      var resumed = new AtomicLong();
      client.follow(
          "/runs/" + id + "/events/stream",
          data -> {
            if (data.contains("\"type\":\"run.resumed\"")) {
              resumed.compareAndSet(0, System.nanoTime() - killed);
            }
          });
      String what = shared ? "takeover after kill -9" : "kill -9, start anew, run goes on";
      say(what, resumed.get() / 1e6, "ms", "5000");
    }
  }

  private static void sayRate(String what, double done, long begun, String target) {
    say(what, done * 1e9 / (System.nanoTime() - begun), "/s", target);
  }

  private static void say(String what, double figure, String unit, String target) {
    System.out.printf(Locale.ROOT, "%-48s %,20.1f %-3s %10s%n", what, figure, unit, target);
  }

  private static void say(String what, long[] nanos, String target) {
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%-48s %9.2f / %8.2f %-3s %10s%n",
        what,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        "ms",
        target);
  }
}
