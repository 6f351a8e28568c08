package dev.agentrunner.adapter.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.testing.ChatModelContract;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class OllamaModelTest extends ChatModelContract {

  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private Map<String, String> options = Map.of();
  private Optional<KeySource> key = Optional.of(new KeySource.Variable("GATE_KEY"));
  private final List<String> notices = new ArrayList<>();
  private UnaryOperator<ChatModel> tools = plain -> plain;
  private Optional<ModelCards> cards = known(ModelCard.UNKNOWN);

  @Override
  protected ChatModel model(String baseUrl, ProviderHttp http) {
    var settings =
        new ProviderSettings(
            "ollama", "ollama", Optional.of(MODEL), Optional.of(baseUrl), key, TIMEOUTS, options);
    Map<String, String> environment = Map.of("GATE_KEY", KEY, "OLLAMA_API_KEY", "cloud-key");
    return new OllamaModel(
        settings,
        name -> Optional.ofNullable(environment.get(name)),
        http,
        LONGEST_WAIT,
        InstantSource.fixed(NOW),
        new OllamaModel.Aids(notices::add, tools),
        cards);
  }

  @Override
  protected Wire wire() {
    return new OllamaWire();
  }

  private static Optional<ModelCards> known(ModelCard card) {
    return Optional.of((_, _, _) -> new ModelCards.Finding.Found(card));
  }

  private static Optional<ModelCards> known(int contextTokens, String... capabilities) {
    return known(new ModelCard(OptionalInt.of(contextTokens), Optional.of(Set.of(capabilities))));
  }

  // What is sent

  @Test
  void a_chat_is_asked_for_with_a_context_of_constant_size_and_nothing_dropped() throws Exception {
    cards = known(32_768, "completion", "tools");
    play(wire().text("x"));
    ask();

    var asked = server.asked().getFirst();
    assertThat(asked.method() + " " + asked.path()).isEqualTo("POST /api/chat");
    var body = JsonTree.read(asked.body());
    assertThat(body.path("truncate").booleanValue()).isFalse();
    assertThat(body.path("options")).hasToString("{\"num_ctx\":32768,\"num_predict\":4096}");
    assertThat(body.path("messages"))
        .hasToString(
            """
            [{"role":"system","content":"You are a test."},{"role":"user","content":"Hi"}]\
            """);
    assertThat(body.path("tools").path(0).path("function").path("name").textValue())
        .isEqualTo("read_file");
  }

  @Test
  void a_configured_context_is_taken_where_the_model_has_more() throws Exception {
    cards = known(262_144, "tools");
    options = Map.of("num_ctx", "16384", "keep_alive", "30m", "thinking", "high");
    play(wire().text("x"));
    ask();

    var body = JsonTree.read(server.asked().getFirst().body());
    assertThat(body.path("options").path("num_ctx").intValue()).isEqualTo(16_384);
    assertThat(body.path("keep_alive").textValue()).isEqualTo("30m");
    assertThat(body.path("think").textValue()).isEqualTo("high");
  }

  @Test
  void a_model_that_cannot_think_is_not_told_not_to() {
    cards = known(8192, "tools");
    options = Map.of("thinking", "off");
    play(wire().text("x"));
    ask();

    assertThat(server.asked().getFirst().body()).doesNotContain("think");
  }

  @Test
  void the_key_of_the_cloud_is_not_sent_to_a_server_of_ones_own() {
    key = Optional.of(new KeySource.Variable("OLLAMA_API_KEY"));
    play(wire().text("x"));
    ask();

    assertThat(server.asked().getFirst().headers()).doesNotContainKey("authorization");
  }

  @Test
  void a_key_that_was_configured_is_sent() {
    play(wire().text("x"));
    ask();

    assertThat(server.asked().getFirst().headers()).containsEntry("authorization", "Bearer " + KEY);
  }

  // What is not asked

  @Test
  void a_model_without_tools_is_lent_some() {
    cards = known(8192, "completion");
    tools = plain -> (request, watcher, stop) -> plain.ask(toolless(request), watcher, stop);
    play(wire().text("x"));

    assertThat(reply(ask()).text()).isEqualTo("x");
    assertThat(server.asked().getFirst().body()).doesNotContain("read_file");
  }

  private static ChatRequest toolless(ChatRequest request) {
    return new ChatRequest(request.call(), request.model(), "", request.messages(), List.of(), 100);
  }

  @Test
  void a_prompt_that_may_not_fit_is_warned_of_once() {
    cards = known(4096, "tools");
    play(wire().text("x"));
    play(wire().text("y"));
    try (var http = new ProviderHttp(TIMEOUTS, pulse)) {
      ChatModel model = model(server.url(), http);
      ChatRequest request = request(MODEL, List.of(new Message.User("word ".repeat(4_000))));
      reply(model.ask(request, noted, stop));
      reply(model.ask(request, noted, stop));
    }

    assertThat(notices)
        .singleElement()
        .satisfies(notice -> assertThat(notice).contains(MODEL, "4096", "num_ctx"));
  }

  @Test
  void a_prompt_that_cannot_fit_is_unusable() {
    cards = known(4096, "tools");
    ChatRequest request = request(MODEL, List.of(new Message.User("word ".repeat(20_000))));

    assertThat(failure(ask(request)))
        .isInstanceOf(ModelFailure.Unusable.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("4096", "num_ctx");
    assertThat(server.asked()).isEmpty();
  }

  // What the server knows of its models

  @Test
  void a_model_is_looked_up_once_and_then_asked() {
    cards = Optional.empty();
    answer(
        """
        {"model_info":{"general.architecture":"llama","llama.context_length":8192},
         "capabilities":["completion","tools"]}\
        """);
    play(wire().text("one"));
    play(wire().text("two"));
    try (var http = new ProviderHttp(TIMEOUTS, pulse)) {
      ChatModel model = model(server.url(), http);

      assertThat(reply(model.ask(request(), noted, stop)).text()).isEqualTo("one");
      assertThat(reply(model.ask(request(), noted, stop)).text()).isEqualTo("two");
    }
    assertThat(server.asked())
        .extracting(asked -> asked.path())
        .containsExactly("/api/show", "/api/chat", "/api/chat");
    assertThat(server.asked().getFirst().body()).isEqualTo("{\"model\":\"model-1\"}");
    assertThat(server.asked().getLast().body()).contains("\"num_ctx\":8192");
  }

  @Test
  void a_model_that_is_not_there_is_denied_with_the_line_that_fetches_it() {
    cards = Optional.empty();
    refuse(404, Map.of(), "{\"error\":\"model 'model-1' not found\"}");

    assertThat(failure(ask()))
        .isInstanceOf(ModelFailure.Denied.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("ollama pull model-1");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void a_gateway_that_knows_nothing_of_models_is_asked_all_the_same() {
    cards = Optional.empty();
    refuse(404, Map.of(), "404 page not found");
    play(wire().text("x"));

    assertThat(reply(ask()).text()).isEqualTo("x");
    assertThat(server.asked().getLast().body()).contains("\"num_ctx\":65536");
  }

  @Test
  void where_nobody_listens_it_is_told_how_to_start_the_server() throws IOException {
    cards = Optional.empty();
    String url;
    try (ServerSocket once = new ServerSocket(0)) {
      url = "http://127.0.0.1:" + once.getLocalPort();
    }
    try (var http = new ProviderHttp(TIMEOUTS, pulse)) {
      assertThat(failure(model(url, http).ask(request(), noted, stop)))
          .isInstanceOf(ModelFailure.Transient.class)
          .extracting(ModelFailure::message)
          .asString()
          .contains("ollama serve");
    }
  }

  @Test
  void the_cloud_is_not_asked_without_a_key() {
    key = Optional.of(new KeySource.Variable("NOT_SET"));
    try (var http = new ProviderHttp(TIMEOUTS, pulse)) {
      assertThat(failure(model("https://ollama.com", http).ask(request(), noted, stop)))
          .isInstanceOf(ModelFailure.Denied.class)
          .extracting(ModelFailure::message)
          .asString()
          .contains("NOT_SET");
    }
  }

  // What comes back

  @Test
  void the_patience_for_a_first_byte_ends_with_it() {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    server.next(line -> {
      line.stream(wire().contentType());
      line.send(OllamaWire.said("content", "one"));
      line.awaitClose(closed);
    });
    var timeouts =
        new Timeouts(Duration.ofSeconds(20), Duration.ofMillis(100), Duration.ofMinutes(5));
    try (var http = new ProviderHttp(timeouts, pulse, OllamaModel.FIRST_BYTE)) {
      assertThat(failure(model(server.url(), http).ask(request(), noted, stop)).message())
          .contains("sent nothing for 0.1s");
    }
  }

  @Test
  void a_turn_with_thoughts_is_echoed_as_one_message() {
    play(wire().thinking("Hmm, a.", call("a1", "f", Map.of("x", 1L))));

    assertThat(reply(ask()).echo())
        .contains(
            new Echo(
                "ollama",
                MODEL,
                """
                {"role":"assistant","content":"","thinking":"Hmm, a.",\
                "tool_calls":[{"id":"a1","function":{"index":0,"name":"f","arguments":{"x":1}}}]}\
                """));
  }

  @Test
  void calls_without_ids_are_given_some_and_answered_by_name() {
    List<String> stream =
        List.of(
            """
            {"message":{"content":"","tool_calls":[{"function":{"name":"f","arguments":{}}},\
            {"function":{"name":"g"}}]},"done":true}
            """);
    play(stream);
    Reply first = reply(ask());
    play(stream);
    Reply second =
        reply(
            ask(
                request(
                    MODEL,
                    List.of(
                        new Message.User("Hi"),
                        new Message.Assistant(first),
                        new Message.Results(
                            List.of(
                                new ToolResult("call_1", "g", "two", true),
                                new ToolResult("call_0", "f", "one", false)))))));

    assertThat(first.calls())
        .containsExactly(call("call_0", "f", Map.of()), call("call_1", "g", Map.of()));
    assertThat(second.calls()).extracting(ToolCall::id).containsExactly("call_2", "call_3");
    assertThat(server.asked().get(1).body())
        .contains(
            """
            {"role":"tool","content":"one","tool_name":"f"},\
            {"role":"tool","content":"error: two","tool_name":"g"}\
            """);
  }

  @Test
  void a_call_that_was_left_without_an_answer_is_answered() {
    Reply said =
        new Reply(
            "m",
            List.of(new Part.Call(call("toolu_1", "f", Map.of()))),
            dev.agentrunner.core.chat.Stop.TOOLS,
            "",
            Usage.NONE,
            Optional.empty());
    play(wire().text("x"));
    ask(request(MODEL, List.of(new Message.User("Hi"), new Message.Assistant(said))));

    assertThat(server.asked().getFirst().body())
        .contains("was not carried out", "\"tool_call_id\":\"toolu_1\"");
  }

  @Test
  void a_prompt_that_was_not_counted_makes_the_usage_inexact() {
    List<String> stream = new ArrayList<>();
    stream.add("{\"message\":{\"content\":\"x\"},\"done\":true,\"eval_count\":4}\n");
    play(stream);

    assertThat(reply(ask()).usage()).isEqualTo(new Usage(0, 0, 0, 4, 0, false));
  }

  @Test
  void a_reply_without_a_last_line_is_broken() {
    play(List.of(OllamaWire.said("content", "one")));

    assertThat(failure(ask()))
        .isInstanceOf(ModelFailure.Transient.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("before it was complete");
  }

  @Test
  void a_server_that_does_not_stream_is_understood() {
    answer("{\n \"message\": {\"content\": \"Hi\"},\n \"done\": true\n}\n");

    assertThat(reply(ask()).text()).isEqualTo("Hi");
  }

  @Test
  void an_error_in_a_stream_may_be_one_that_stays() {
    play(List.of("{\"error\":\"the input length exceeds the context length\"}\n"));

    Answer answer = ask();

    assertThat(failure(answer)).isInstanceOf(ModelFailure.Unusable.class);
  }

  private void answer(String json) {
    server.next(200, Map.of("content-type", "application/json"), json.getBytes(UTF_8));
  }
}
