package dev.agentrunner.adapter.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.testing.ChatModelContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What holds with either API. */
abstract class OpenAiModelContract extends ChatModelContract {

  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private Optional<String> key = Optional.of(KEY);

  /** {@code responses} or {@code chat}. */
  abstract String api();

  @Override
  protected final ChatModel model(String baseUrl, ProviderHttp http) {
    var settings =
        new ProviderSettings(
            "openai",
            "openai",
            Optional.of(MODEL),
            Optional.of(baseUrl),
            Optional.empty(),
            TIMEOUTS,
            Map.of("api", api()));
    return new OpenAiModel(
        settings,
        name -> key.filter(k -> name.equals("OPENAI_API_KEY")),
        http,
        LONGEST_WAIT,
        InstantSource.fixed(NOW));
  }

  @Override
  protected final String below() {
    return "/v1";
  }

  @Test
  final void the_key_goes_into_the_authorization_header() {
    play(wire().text("x"));
    ask();

    var asked = server.asked().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.headers())
        .containsEntry("authorization", "Bearer " + KEY)
        .containsEntry("content-type", "application/json");
  }

  @Test
  final void another_server_may_need_no_key() {
    key = Optional.empty();
    play(wire().text("x"));

    reply(ask());

    assertThat(server.asked().getFirst().headers()).doesNotContainKey("authorization");
  }

  @Test
  final void openai_is_not_asked_without_a_key() {
    key = Optional.empty();
    try (var model =
        (OpenAiModel) model("https://api.openai.com/v1", new ProviderHttp(TIMEOUTS, pulse))) {
      assertThat(model.missing())
          .hasValueSatisfying(why -> assertThat(why).contains("OPENAI_API_KEY"));

      assertThat(failure(model.ask(request(), noted, stop)))
          .isInstanceOf(ModelFailure.Denied.class)
          .extracting(ModelFailure::message)
          .asString()
          .contains("OPENAI_API_KEY");
    }
  }

  @Test
  final void an_error_instead_of_a_reply_means_what_its_code_says() {
    refuse(
        200,
        Map.of(),
        "{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"too many tokens\"}}");

    assertThat(failure(ask())).isInstanceOf(ModelFailure.Unusable.class);
  }

  /** A server of another make, whose replies come in pieces of its own. */
  final Answer played(String... pieces) {
    play(List.of(pieces));
    return ask();
  }
}
