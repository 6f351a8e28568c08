package dev.agentrunner.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds for every model behind HTTP, whatever its wire. A provider's test extends this and
 * writes the replies in the provider's own form; it may add what only that provider does.
 */
public abstract class ChatModelContract {

  protected static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  protected static final String KEY = "sk-very-secret-0123456789";
  protected static final String MODEL = "model-1";
  protected static final Usage USAGE = new Usage(100, 20, 3, 40, 0, true);
  protected static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  /**
   * Long enough to hang rather than to fail by chance; nothing waits so long unless it is broken.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration BEAT = Duration.ofSeconds(5);
  private static final long REPLY_BYTES_MAX = 1 << 20;

  protected final ScriptedServer server = new ScriptedServer();
  protected final ManualPulse pulse = new ManualPulse();
  protected final StopSignal stop = new StopSignal();
  protected final NotedReply noted = new NotedReply();
  private final List<ProviderHttp> lines = new ArrayList<>();

  /** The model under test, asking at {@code baseUrl} with {@link #KEY} at {@link #NOW}. */
  protected abstract ChatModel model(String baseUrl, ProviderHttp http);

  /** How the provider writes its replies. */
  protected abstract Wire wire();

  /** A provider's replies in its own form, each as the pieces it comes in. */
  public interface Wire {

    String contentType();

    /** A reply that says {@code deltas} and ends, with {@link #usage}. */
    List<String> text(String... deltas);

    /** What its replies count. */
    default Usage usage() {
      return USAGE;
    }

    /** A reply that makes {@code calls}, whose arguments come in several pieces where they can. */
    List<String> calls(ToolCall... calls);

    /** A reply that thinks, and then makes {@code call}. */
    List<String> thinking(String thought, ToolCall call);

    /** What must come back in the next request after {@link #thinking}; empty if nothing must. */
    Optional<String> thinkingMark();

    /** A reply that says {@code x} and ends for that reason; empty if the wire has no such end. */
    Optional<List<String>> stopped(Stop reason);

    /** A call whose arguments are cut off or no JSON; empty if the wire cannot have one. */
    Optional<List<String>> brokenCall(String id, String name, String raw);

    /** An overload, told in the middle of a reply; empty if the wire cannot tell. */
    Optional<List<String>> overloadedMidway();

    /** The body of an answer with that status. */
    String error(int status, String message);

    /** Whether the pieces are enough to make a whole reply. */
    boolean whole(String received);
  }

  @AfterEach
  final void close_lines_and_server() {
    lines.forEach(ProviderHttp::close);
    server.close();
  }

  // What the model says

  @Test
  final void text_is_put_together_and_shown_as_it_comes() {
    play(wire().text("Grü", "ße, ", "🦆!"));

    Reply reply = reply(ask());

    assertThat(reply.parts()).containsExactly(new Part.Text("Grüße, 🦆!"));
    assertThat(reply.stop()).isEqualTo(Stop.END);
    assertThat(reply.stopDetail()).isEmpty();
    assertThat(reply.usage()).isEqualTo(wire().usage());
    assertThat(reply.model()).isNotEmpty();
    assertThat(noted.text()).isEqualTo("Grüße, 🦆!");
  }

  @Test
  final void a_call_is_put_together() {
    ToolCall call = call("a1", "read_file", Map.of("path", "src/größe.py", "lines", 12L));
    play(wire().calls(call));

    Reply reply = reply(ask());

    assertThat(reply.calls()).containsExactly(call);
    assertThat(reply.stop()).isEqualTo(Stop.TOOLS);
    assertThat(noted.calls()).containsExactly("read_file");
  }

  @Test
  final void calls_made_in_one_breath_keep_their_order() {
    ToolCall first = call("a1", "read_file", Map.of("path", "a"));
    ToolCall second = call("a2", "read_file", Map.of("path", "b"));
    play(wire().calls(first, second));

    assertThat(reply(ask()).calls()).containsExactly(first, second);
  }

  @Test
  final void a_call_may_have_no_arguments() {
    ToolCall call = call("a1", "list_files", Map.of());
    play(wire().calls(call));

    assertThat(reply(ask()).calls()).containsExactly(call);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"path\": \"a.p", "{\"path\"}", "[1]", "{} {}", "nonsense"})
  final void arguments_that_are_no_json_object_are_kept_as_they_came(String raw) {
    Optional<List<String>> broken = wire().brokenCall("a1", "read_file", raw);
    assumeTrue(broken.isPresent(), "the wire sends arguments parsed");
    play(broken.get());

    assertThat(reply(ask()).calls())
        .singleElement()
        .satisfies(call -> assertThat(call.name()).isEqualTo("read_file"))
        .extracting(ToolCall::arguments)
        .isInstanceOfSatisfying(
            ToolCall.Broken.class,
            arguments -> {
              assertThat(arguments.raw()).isEqualTo(raw);
              assertThat(arguments.why()).isNotEmpty().hasSizeLessThan(500);
            });
  }

  @Test
  final void thoughts_are_shown_and_come_back_to_the_same_model_only() {
    ToolCall call = call("a1", "read_file", Map.of("path", "a"));
    play(wire().thinking("Hmm, a.", call));
    Reply reply = reply(ask());
    assertThat(reply.parts()).contains(new Part.Thinking("Hmm, a."), new Part.Call(call));
    assertThat(noted.thinking()).isEqualTo("Hmm, a.");
    assumeTrue(wire().thinkingMark().isPresent(), "the wire wants no thoughts back");
    String mark = wire().thinkingMark().get();
    List<Message> goesOn =
        List.of(
            new Message.User("Hi"),
            new Message.Assistant(reply),
            new Message.Results(List.of(new ToolResult("a1", "read_file", "text", false))));

    play(wire().text("done"));
    ask(request(MODEL, goesOn));
    play(wire().text("done"));
    ask(request("model-2", goesOn));

    assertThat(server.asked().get(1).body()).contains(mark);
    assertThat(server.asked().get(2).body()).doesNotContain(mark).contains("a1");
  }

  @ParameterizedTest
  @EnumSource
  final void every_end_of_a_reply_is_understood(Stop reason) {
    Optional<List<String>> stopped = wire().stopped(reason);
    assumeTrue(stopped.isPresent(), "the wire has no such end");
    play(stopped.get());

    Reply reply = reply(ask());

    assertThat(reply.stop()).isEqualTo(reason);
    if (reason == Stop.OTHER) {
      assertThat(reply.stopDetail()).isNotEmpty();
    }
  }

  // How it comes

  @Test
  final void where_the_bytes_are_split_does_not_matter() {
    byte[] stream = String.join("", wire().text("Grü", "ße, ", "🦆!")).getBytes(UTF_8);
    server.next(line -> {
      line.stream(wire().contentType());
      for (byte one : stream) {
        line.send(new byte[] {one});
      }
      line.end();
    });

    assertThat(reply(ask()).text()).isEqualTo("Grüße, 🦆!");
  }

  @Test
  final void a_reply_that_stops_anywhere_is_a_passing_failure_and_never_half_a_reply() {
    ToolCall call = call("a1", "read_file", Map.of("path", "a"));
    byte[] stream = String.join("", wire().calls(call)).getBytes(UTF_8);

    for (int kept = 0; kept < stream.length; kept += 3) {
      byte[] cut = java.util.Arrays.copyOf(stream, kept);
      server.next(line -> {
        line.stream(wire().contentType());
        line.send(cut);
        line.end();
      });

      Answer answer = ask();

      if (wire().whole(new String(cut, UTF_8))) {
        assertThat(reply(answer).calls()).as("after %d bytes", kept).containsExactly(call);
      } else {
        assertThat(failure(answer))
            .as("after %d bytes", kept)
            .isInstanceOf(ModelFailure.Transient.class);
      }
    }
  }

  @Test
  final void a_connection_that_is_cut_is_a_passing_failure() {
    List<String> stream = wire().text("one ", "two ", "three");
    for (int kept = 0; kept < stream.size(); kept++) {
      String pieces = String.join("", stream.subList(0, kept));
      if (wire().whole(pieces)) {
        continue;
      }
      boolean reset = kept % 2 == 0;
      server.next(line -> {
        line.stream(wire().contentType());
        line.send(pieces);
        if (reset) {
          line.reset();
        } else {
          line.cut();
        }
      });

      assertThat(failure(ask()))
          .as("after %d pieces", kept)
          .isInstanceOf(ModelFailure.Transient.class);
    }
  }

  @Test
  final void an_overload_told_midway_is_a_passing_failure() {
    Optional<List<String>> overloaded = wire().overloadedMidway();
    assumeTrue(overloaded.isPresent(), "the wire cannot tell");
    play(overloaded.get());

    assertThat(failure(ask())).isInstanceOf(ModelFailure.Transient.class);
  }

  @Test
  final void silence_is_told_until_something_comes() {
    List<String> stream = wire().text("one ", "two");
    CountDownLatch heard = new CountDownLatch(1);
    noted.onText(heard::countDown);
    server.next(line -> {
      pulse.advance(BEAT.multipliedBy(2));
      line.stream(wire().contentType());
      boolean first = true;
      for (String piece : stream) {
        line.send(piece);
        if (first && piece.contains("one ")) {
          first = false;
          await(heard);
          pulse.advance(BEAT);
        }
      }
      line.end();
    });

    reply(ask());

    assertThat(noted.silences()).containsExactly(BEAT, BEAT.multipliedBy(2), BEAT);
    assertThat(pulse.beating()).isFalse();
  }

  @Test
  final void a_stop_closes_the_connection_in_the_middle_of_a_reply() {
    List<String> stream = wire().text("one ", "two");
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    noted.onText(stop::request);
    server.next(line -> {
      line.stream(wire().contentType());
      for (String piece : stream) {
        line.send(piece);
        if (piece.contains("one ")) {
          break;
        }
      }
      line.awaitClose(closed);
    });

    assertThat(failure(askWithoutTimeLimit())).isInstanceOf(ModelFailure.Canceled.class);
    assertThat(closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join()).isTrue();
  }

  @Test
  final void a_stop_closes_the_connection_before_a_reply_begins() {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    server.next(line -> {
      stop.request();
      line.awaitClose(closed);
    });

    assertThat(failure(askWithoutTimeLimit())).isInstanceOf(ModelFailure.Canceled.class);
    assertThat(closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join()).isTrue();
  }

  @Test
  final void after_a_stop_nothing_is_asked() {
    stop.request();

    assertThat(failure(ask())).isInstanceOf(ModelFailure.Canceled.class);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  final void a_provider_that_falls_silent_is_given_up_on() {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    server.next(line -> {
      line.stream(wire().contentType());
      line.send(wire().text("one", "two").getFirst());
      line.awaitClose(closed);
    });

    Answer answer = ask(new Timeouts(PATIENCE, Duration.ofMillis(100), PATIENCE));

    assertThat(failure(answer))
        .isInstanceOf(ModelFailure.Transient.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("sent nothing");
    assertThat(closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join()).isTrue();
  }

  @Test
  final void a_call_that_takes_too_long_in_all_is_given_up_on() {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    server.next(line -> line.awaitClose(closed));

    Answer answer = ask(new Timeouts(PATIENCE, PATIENCE, Duration.ofMillis(100)));

    assertThat(failure(answer))
        .isInstanceOf(ModelFailure.Transient.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("not finished");
  }

  @Test
  final void one_connection_serves_many_questions() {
    for (int i = 0; i < 50; i++) {
      play(wire().text("one ", "two"));
    }
    ChatModel model = model(server.url(), line(new Timeouts(PATIENCE, PATIENCE, PATIENCE)));

    for (int i = 0; i < 50; i++) {
      reply(model.ask(request(), noted, stop));
    }

    assertThat(server.asked()).hasSize(50);
    assertThat(server.connections()).isEqualTo(1);
  }

  // Refusals

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404})
  final void what_a_person_must_mend_is_denied(int status) {
    refuse(status, Map.of(), wire().error(status, "no model for you"));

    assertThat(failure(ask())).isInstanceOf(ModelFailure.Denied.class);
  }

  @Test
  final void a_request_that_the_provider_finds_wrong_is_unusable() {
    refuse(400, Map.of(), wire().error(400, "messages.1: strange"));

    assertThat(failure(ask()))
        .isInstanceOf(ModelFailure.Unusable.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("messages.1: strange");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 529})
  final void trouble_on_the_other_side_passes(int status) {
    refuse(status, Map.of("retry-after", "0"), wire().error(status, "oh"));

    assertThat(failure(ask()))
        .isInstanceOfSatisfying(
            ModelFailure.Transient.class,
            passing -> assertThat(passing.retryAfter()).contains(Duration.ZERO));
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  final void a_short_rate_limit_passes() {
    refuse(429, Map.of("retry-after", "1.5"), wire().error(429, "slower"));

    assertThat(failure(ask()))
        .isInstanceOfSatisfying(
            ModelFailure.Transient.class,
            passing -> assertThat(passing.retryAfter()).contains(Duration.ofMillis(1500)));
  }

  @Test
  final void a_long_rate_limit_is_a_used_up_quota() {
    refuse(429, Map.of("retry-after", "3600"), wire().error(429, "slower"));

    assertThat(failure(ask()))
        .isInstanceOfSatisfying(
            ModelFailure.Window.class,
            window -> assertThat(window.resetsAt()).contains(NOW.plusSeconds(3600)));
  }

  @Test
  final void a_rate_limit_without_a_hint_passes() {
    refuse(429, Map.of("retry-after", "-1"), wire().error(429, "slower"));

    assertThat(failure(ask()))
        .isInstanceOfSatisfying(
            ModelFailure.Transient.class, passing -> assertThat(passing.retryAfter()).isEmpty());
  }

  @Test
  final void nobody_listening_is_a_passing_failure() throws IOException {
    String url;
    try (ServerSocket once = new ServerSocket(0)) {
      url = "http://127.0.0.1:" + once.getLocalPort();
    }
    ChatModel model = model(url, line(new Timeouts(PATIENCE, PATIENCE, PATIENCE)));

    Answer answer = model.ask(request(), noted, stop);

    assertThat(failure(answer)).isInstanceOf(ModelFailure.Transient.class);
    assertThat(((Answer.Failed) answer).usage()).isEqualTo(Usage.NONE);
  }

  @Test
  final void redirects_are_not_followed() {
    server.next(307, Map.of("location", server.url() + "/elsewhere"), new byte[0]);

    assertThat(failure(ask())).isInstanceOf(ModelFailure.Denied.class);
    assertThat(server.asked()).hasSize(1);
  }

  // Nonsense

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 401, 403, 404, 418, 429, 500, 502})
  final void an_html_page_is_a_clear_failure(int status) {
    String page = "<html><head><title>Oops</title></head>" + "<p>\n".repeat(50_000) + "</html>";
    server.next(status, Map.of("content-type", "text/html"), page.getBytes(UTF_8));

    assertThat(failure(ask()).message()).contains("<title>Oops").hasSizeLessThan(2000);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 500})
  final void bytes_without_sense_are_a_clear_failure(int status) {
    byte[] noise = new byte[100_000];
    new java.util.Random(7).nextBytes(noise);
    server.next(status, Map.of("content-type", "application/octet-stream"), noise);

    assertThat(failure(ask()).message()).hasSizeLessThan(2000).doesNotContain("\u0000", "\u001b");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 500})
  final void json_that_is_cut_is_a_clear_failure(int status) {
    server.next(
        status, Map.of("content-type", "application/json"), "{\"error\": {\"mess".getBytes(UTF_8));

    assertThat(failure(ask()).message()).isNotEmpty();
  }

  @Test
  final void an_answer_with_nothing_in_it_is_a_passing_failure() {
    server.next(200, Map.of("content-type", wire().contentType()), new byte[0]);

    assertThat(failure(ask())).isInstanceOf(ModelFailure.Transient.class);
  }

  @Test
  final void what_is_no_http_is_a_passing_failure() {
    server.next(line -> line.raw("SSH-2.0-OpenSSH_9.9\r\n\r\n"));

    assertThat(failure(ask())).isInstanceOf(ModelFailure.Transient.class);
  }

  @Test
  final void a_reply_without_end_is_given_up_on() {
    byte[] much = ("data: \"" + "x".repeat(8000) + "\"\n\n").getBytes(UTF_8);
    server.next(line -> {
      line.stream(wire().contentType());
      while (true) {
        line.send(much);
      }
    });

    assertThat(failure(ask()).message()).hasSizeLessThan(2000);
  }

  // Keys

  @Test
  final void a_key_that_the_provider_quotes_is_hidden() {
    refuse(401, Map.of(), wire().error(401, "Incorrect API key provided: " + KEY));

    assertThat(failure(ask()).message()).contains("Incorrect").doesNotContain(KEY);
  }

  // Against a server that checks what it is sent

  /** What stands behind the address of the fake provider to reach this wire. */
  protected String below() {
    return "";
  }

  private Answer askFake(FakeProvider fake, List<Message> messages) {
    ProviderHttp line = line(new Timeouts(PATIENCE, PATIENCE, PATIENCE));
    return model(fake.address() + below(), line).ask(request(MODEL, messages), noted, stop);
  }

  private Answer askOnce(Reaction reaction) {
    try (FakeProvider fake = FakeProvider.playing(_ -> reaction)) {
      return askFake(fake, List.of(new Message.User("Hi")));
    }
  }

  @Test
  final void a_conversation_with_thoughts_and_parallel_calls_goes_on_to_its_end() {
    Reaction.Says first =
        new Reaction.Says(
            List.of(
                new Reaction.Block.Thought("Two files, I think, and then some more."),
                new Reaction.Block.Words("I look at both."),
                new Reaction.Block.Tool("read_file", Map.of("path", "a")),
                new Reaction.Block.Tool("read_file", Map.of("path", "größe 🦆"))),
            Stop.TOOLS);
    Script script =
        asked ->
            switch (asked.turn()) {
              case 1 -> first;
              case 2 -> Reaction.thinks("And c.", "read_file", Map.of("path", "c"));
              default -> Reaction.says("That is all there is to say.");
            };
    List<Message> talk = new ArrayList<>(List.of(new Message.User("# T1 Read")));
    try (FakeProvider fake = FakeProvider.playing(script)) {
      Reply reply = reply(askFake(fake, talk));
      while (reply.stop() == Stop.TOOLS) {
        talk.add(new Message.Assistant(reply));
        talk.add(
            new Message.Results(
                reply.calls().stream()
                    .map(call -> new ToolResult(call.id(), call.name(), "text of it", false))
                    .toList()));
        reply = reply(askFake(fake, talk));
      }

      assertThat(reply.text()).isEqualTo("That is all there is to say.");
      assertThat(fake.requests()).extracting(Asked::question).doesNotHaveDuplicates().hasSize(3);
      assertThat(fake.requests().getLast().lastWords()).isEqualTo("text of it");
    }
    assertThat(((Message.Assistant) talk.get(1)).reply().calls())
        .extracting(ToolCall::arguments)
        .containsExactly(
            new ToolCall.Valid(Map.of("path", "a")),
            new ToolCall.Valid(Map.of("path", "größe 🦆")));
  }

  @Test
  final void tokens_are_counted_with_what_was_cached_and_thought() {
    Reaction reaction = Reaction.says("x").counting(new Reaction.Count(120, 20, 40, 15));

    Usage usage = reply(askOnce(reaction)).usage();

    assertThat(usage.promptTokens()).isEqualTo(120);
    assertThat(usage.cacheReadTokens()).isEqualTo(wire().usage().cacheReadTokens());
    assertThat(usage.outputTokens()).isEqualTo(40);
    assertThat(usage.reasoningTokens()).isIn(0L, 15L);
    assertThat(usage.exact()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  final void trouble_is_told_by_what_can_be_done_about_it(Trouble trouble) {
    Optional<Duration> delay =
        trouble == Trouble.RATE ? Optional.of(Duration.ofSeconds(7)) : Optional.empty();

    ModelFailure failure = failure(askOnce(new Reaction.Refuses(trouble, "so it is", delay)));

    switch (trouble) {
      case RATE ->
          assertThat(failure)
              .isInstanceOfSatisfying(
                  ModelFailure.Transient.class,
                  passing -> assertThat(passing.retryAfter()).isEqualTo(delay));
      case BROKEN, OVERLOADED -> assertThat(failure).isInstanceOf(ModelFailure.Transient.class);
      case QUOTA_UNTIL ->
          assertThat(failure)
              .isInstanceOfSatisfying(
                  ModelFailure.Window.class,
                  window ->
                      assertThat(window.resetsAt().orElseThrow())
                          .isBetween(NOW.plusSeconds(60), NOW.plus(Duration.ofDays(31))));
      case QUOTA ->
          assertThat(failure)
              .isInstanceOfSatisfying(
                  ModelFailure.Window.class, window -> assertThat(window.resetsAt()).isEmpty());
      case UNPAID, KEY, FORBIDDEN, NO_MODEL ->
          assertThat(failure)
              .isInstanceOf(ModelFailure.Denied.class)
              .extracting(ModelFailure::message)
              .asString()
              // Who must do what.
              .containsPattern(
                  "\\. (Run: .*|Or c|C)heck |Add credit|Fetch it with|Change the plan");
      case TOO_LONG, STRANGE -> assertThat(failure).isInstanceOf(ModelFailure.Unusable.class);
    }
  }

  @Test
  final void trouble_in_the_middle_of_a_reply_passes() {
    Reaction.Says begun = Reaction.says("This is what I am going to do about it, and then more.");

    assertThat(failure(askOnce(new Reaction.Breaks(begun, 3, Trouble.OVERLOADED, "Overloaded"))))
        .isInstanceOf(ModelFailure.Transient.class);
  }

  @Test
  final void a_model_that_raves_is_given_up_on() {
    Reaction.Says begun = Reaction.says("and so on, and so on, and so on, and so on, and so on");

    assertThat(failure(askOnce(new Reaction.Raves(begun, 2))))
        .isInstanceOf(ModelFailure.Unusable.class);
  }

  // Building blocks

  protected final Answer ask() {
    return ask(new Timeouts(PATIENCE, PATIENCE, PATIENCE));
  }

  private Answer ask(Timeouts timeouts) {
    return model(server.url(), line(timeouts)).ask(request(), noted, stop);
  }

  /** With no way to end but the reply or a stop; a test that waits for neither fails. */
  private Answer askWithoutTimeLimit() {
    Duration forever = Duration.ofHours(1);
    return CompletableFuture.supplyAsync(() -> ask(new Timeouts(forever, forever, forever)))
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  protected final Answer ask(ChatRequest request) {
    return model(server.url(), line(new Timeouts(PATIENCE, PATIENCE, PATIENCE)))
        .ask(request, noted, stop);
  }

  private ProviderHttp line(Timeouts timeouts) {
    ProviderHttp line = new ProviderHttp(timeouts, pulse, BEAT, REPLY_BYTES_MAX);
    lines.add(line);
    return line;
  }

  /** Has the next request answered with a stream, a piece at a time. */
  protected final void play(List<String> pieces) {
    server.next(line -> {
      line.stream(wire().contentType());
      for (String piece : pieces) {
        line.send(piece);
      }
      line.end();
    });
  }

  protected final void refuse(int status, Map<String, String> headers, String body) {
    Map<String, String> all = new java.util.TreeMap<>(headers);
    all.put("content-type", "application/json");
    server.next(status, all, body.getBytes(UTF_8));
  }

  protected static ChatRequest request() {
    return request(MODEL, List.of(new Message.User("Hi")));
  }

  protected static ChatRequest request(String model, List<Message> messages) {
    var tool =
        new ToolSpec(
            "read_file",
            "Reads a file.",
            Map.of("type", "object", "properties", Map.of("path", Map.of("type", "string"))));
    return new ChatRequest(
        new CallId("T1", 1, 1), model, "You are a test.", messages, List.of(tool), 4096);
  }

  protected static ToolCall call(String id, String name, Map<String, Object> arguments) {
    return new ToolCall(id, name, new ToolCall.Valid(arguments));
  }

  protected static Reply reply(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Replied.class);
    return ((Answer.Replied) answer).reply();
  }

  protected static ModelFailure failure(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Failed.class);
    return ((Answer.Failed) answer).failure();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
