package dev.agentrunner.adapter.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real programs, where the profile {@code real-agents} has installed them, against a server on
 * this machine that knows one edit and one answer.
 */
class RealAgentsIT {

  @TempDir private Path folder;
  private HttpServer server;
  private volatile int refusal;

  @BeforeEach
  void a_server_that_answers_both_wires() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().getPath();
    String said =
        refusal > 0
            ? "{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"invalid x-api-key\"}}"
            : path.endsWith("/messages") ? messages(asked) : responses();
    byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set("Content-Type", refusal > 0 ? "application/json" : "text/event-stream");
    exchange.sendResponseHeaders(refusal > 0 ? refusal : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String event(String type, String rest) {
    return "event: %s\ndata: {\"type\":\"%s\"%s}\n\n".formatted(type, type, rest);
  }

  private String messages(String asked) {
    boolean edit = asked.contains("\"name\":\"Write\"") && !asked.contains("\"tool_result\"");
    String input =
        "{\\\"file_path\\\":\\\"%s\\\",\\\"content\\\":\\\"hello\\\"}"
            .formatted(folder.resolve("hello.txt"));
    String block =
        edit
            ? "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"Write\",\"input\":{}}"
            : "{\"type\":\"text\",\"text\":\"\"}";
    String delta =
        edit
            ? "{\"type\":\"input_json_delta\",\"partial_json\":\"%s\"}".formatted(input)
            : "{\"type\":\"text_delta\",\"text\":\"All done.\"}";
    return event(
            "message_start",
            ",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}")
        + event("content_block_start", ",\"index\":0,\"content_block\":" + block)
        + event("content_block_delta", ",\"index\":0,\"delta\":" + delta)
        + event("content_block_stop", ",\"index\":0")
        + event(
            "message_delta",
            ",\"delta\":{\"stop_reason\":\"%s\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":5}"
                .formatted(edit ? "tool_use" : "end_turn"))
        + event("message_stop", "");
  }

  private static String responses() {
    return event("response.created", ",\"response\":{\"id\":\"r1\"}")
        + event(
            "response.output_item.done",
            ",\"item\":{\"type\":\"message\",\"role\":\"assistant\",\"id\":\"m1\",\"content\":[{\"type\":\"output_text\",\"text\":\"All done.\"}]}")
        + event(
            "response.completed",
            ",\"response\":{\"id\":\"r1\",\"usage\":{\"input_tokens\":100,\"input_tokens_details\":{\"cached_tokens\":40},\"output_tokens\":7,\"output_tokens_details\":{\"reasoning_tokens\":2},\"total_tokens\":107}}");
  }

  private static String program(String name) {
    String installed = System.getProperty("agent-runner.real-agents", "");
    assumeTrue(!installed.isEmpty(), "not asked for: -Preal-agents");
    return Path.of(installed, name).toString();
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private Agent claude() {
    return new Agent(folder, "claude-code", "")
        .with("command", List.of(program("claude")))
        .set("ANTHROPIC_API_KEY", "key-of-the-test")
        .set("ANTHROPIC_BASE_URL", address())
        .set("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")
        .set("CLAUDE_CODE_MAX_RETRIES", "0");
  }

  private Agent codex() {
    return new Agent(folder, "codex", "")
        .with("command", List.of(program("codex"), "exec"))
        .with(
            "args",
            List.of(
                "-c",
                "model_providers.fake={name=\"fake\",base_url=\"%s/v1\",env_key=\"CODEX_API_KEY\",wire_api=\"responses\",request_max_retries=0}"
                    .formatted(address()),
                "-c",
                "model_provider=\"fake\""))
        .set("CODEX_API_KEY", "key-of-the-test")
        .write("home/.codex/config.toml", "");
  }

  private static Reply reply(Answer answer) {
    return assertInstanceOf(Answer.Replied.class, answer, answer::toString).reply();
  }

  @Test
  void claude_code_edits_a_file_and_goes_on_in_the_same_session() {
    Agent agent = claude();

    Reply first = reply(agent.ask("Write hello.txt."));
    Reply second = reply(agent.ask(new Message.Assistant(first), new Message.User("Again.")));

    assertThat(agent.read("hello.txt")).isEqualTo("hello");
    assertThat(first.parts().getFirst())
        .isEqualTo(new Part.Deed("Write", folder.resolve("hello.txt").toString(), false));
    assertThat(first.text()).isEqualTo("All done.");
    assertThat(first.usage().exact()).isTrue();
    assertThat(second.echo()).isEqualTo(first.echo());
  }

  @Test
  void claude_code_begins_anew_where_it_knows_no_such_session() {
    Reply first = reply(claude().ask("Write hello.txt."));
    Agent another = claude().set("CLAUDE_CONFIG_DIR", folder.resolve("elsewhere").toString());

    Reply second = reply(another.ask(new Message.Assistant(first), new Message.User("Again.")));

    assertThat(second.text()).isEqualTo("All done.");
    assertThat(second.echo()).isPresent().isNotEqualTo(first.echo());
  }

  @Test
  void claude_code_that_is_refused_its_key_asks_for_a_person() {
    refusal = 401;

    Answer answer = claude().ask("Write hello.txt.");

    assertThat(assertInstanceOf(Answer.Failed.class, answer, answer::toString).failure())
        .isInstanceOf(ModelFailure.Denied.class);
  }

  @Test
  void codex_answers_and_goes_on_in_the_same_session_counting_only_what_is_new() {
    Agent agent = codex();

    Reply first = reply(agent.ask("Say it is done."));
    Reply second = reply(agent.ask(new Message.Assistant(first), new Message.User("Again.")));

    assertThat(first.text()).isEqualTo("All done.");
    assertThat(second.usage()).isEqualTo(first.usage());
    assertThat(JsonLines.object(second.echo().orElseThrow().json()).orElseThrow().path("session"))
        .isEqualTo(
            JsonLines.object(first.echo().orElseThrow().json()).orElseThrow().path("session"));
  }

  @Test
  void codex_begins_anew_where_it_knows_no_such_session() {
    Reply first = reply(codex().ask("Say it is done."));
    Agent another =
        codex()
            .write("elsewhere/config.toml", "")
            .set("CODEX_HOME", folder.resolve("elsewhere").toString());

    Reply second = reply(another.ask(new Message.Assistant(first), new Message.User("Again.")));

    assertThat(second.text()).isEqualTo("All done.");
  }

  @Test
  void codex_that_is_refused_its_key_asks_for_a_person() {
    refusal = 401;

    Answer answer = codex().ask("Say it is done.");

    assertThat(assertInstanceOf(Answer.Failed.class, answer, answer::toString).failure())
        .isInstanceOf(ModelFailure.Denied.class);
  }
}
