package dev.agentrunner.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FakeProviderTest {

  private static final String PROMPT = "{\"role\":\"user\",\"content\":\"# T1 Title\\n\\nDo it.\"}";
  private static final String CALL =
      "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"c1\",\"name\":\"edit_file\",\"input\":{}}]}";
  private static final String RESULT =
      "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"c1\",\"content\":\"done\"}]}";

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void it_edits_in_the_first_turn_and_finishes_in_the_second() throws Exception {
    try (var fake = FakeProvider.playing(Script.ofEdits())) {
      String first = ask(fake, PROMPT).body();
      String second = ask(fake, PROMPT + "," + CALL + "," + RESULT).body();

      assertThat(first)
          .startsWith("event: message_start\n")
          .contains("\"name\":\"edit_file\"", "\"stop_reason\":\"tool_use\"")
          .containsPattern("event: message_stop\\ndata: .*\\n\\n\\z");
      assertThat(second).contains("\"name\":\"finish\"");
      assertThat(fake.requests()).extracting(Asked::question).containsExactly("T1 1 1", "T1 1 2");
    }
  }

  @Test
  void what_comes_first_at_a_turn_comes_once_each() throws Exception {
    Script script =
        Script.ofEdits().at("T1", 1, 1, Reaction.limits(3), new Reaction.Babbles(200, "a/b", "?"));
    try (var fake = FakeProvider.playing(script)) {
      HttpResponse<String> refused = ask(fake, PROMPT);

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("retry-after")).contains("3");
      assertThat(ask(fake, PROMPT).body()).isEqualTo("?");
      assertThat(ask(fake, PROMPT).body()).contains("message_stop");
    }
  }

  @Test
  void a_reply_that_is_cut_has_no_end() {
    Script script = asked -> new Reaction.Cuts(Reaction.says("Hello, world"), 3);
    try (var fake = FakeProvider.playing(script)) {
      assertThatThrownBy(() -> ask(fake, PROMPT)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void a_reply_that_dribbles_is_the_same_reply() throws Exception {
    Reaction.Says reply = Reaction.says("Grüße 🎉");
    Script script =
        asked -> asked.time() == 1 ? reply : new Reaction.Dribbles(reply, Duration.ZERO);
    try (var fake = FakeProvider.playing(script)) {
      String whole = ask(fake, PROMPT).body().replaceAll("msg_0*\\d", "id");

      assertThat(ask(fake, PROMPT).body().replaceAll("msg_0*\\d", "id"))
          .isEqualTo(whole)
          .contains("Grüße 🎉");
    }
  }

  @Test
  void a_call_left_unanswered_is_refused() throws Exception {
    try (var fake = FakeProvider.playing(Script.ofEdits())) {
      HttpResponse<String> refused =
          ask(fake, PROMPT + "," + CALL + ",{\"role\":\"user\",\"content\":\"Well?\"}");

      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("tool_result");
    }
  }

  @Test
  void a_later_attempt_is_known_by_what_the_prompt_tells_of_the_one_before() throws Exception {
    String again =
        "# T1 Title\\n\\n## The attempt before this one failed\\n\\nThe hook printed: attempt 2 no";
    try (var fake = FakeProvider.playing(Script.ofEdits())) {
      ask(
          fake,
          "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}".formatted(again));

      assertThat(fake.requests()).extracting(Asked::attempt).containsExactly(3);
    }
  }

  @Test
  void every_request_stands_in_the_log_before_it_is_answered(@TempDir Path folder)
      throws Exception {
    Path log = folder.resolve("requests.log");
    try (var fake = FakeProvider.playing(Script.ofFiles(), 0, Optional.of(log))) {
      ask(fake, PROMPT);
      ask(fake, PROMPT);

      assertThat(Files.readAllLines(log)).containsExactly("1 T1 1 1", "2 T1 1 1");
    }
  }

  private HttpResponse<String> ask(FakeProvider fake, String messages)
      throws IOException, InterruptedException {
    String body =
        "{\"model\":\"claude-test\",\"max_tokens\":100,\"stream\":true,\"messages\":[%s]}"
            .formatted(messages);
    HttpRequest request =
        HttpRequest.newBuilder(fake.address().resolve("/v1/messages"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("x-api-key", "test")
            .header("anthropic-version", "2023-06-01")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
