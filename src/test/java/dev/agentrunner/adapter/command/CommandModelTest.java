package dev.agentrunner.adapter.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts shell scripts that print what the agents print. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class CommandModelTest {

  private static final String CLAUDE_BEGINS =
      """
      {"type":"system","subtype":"init","session_id":"s-1","model":"claude-x"}
      {"type":"from the future"}
      {"type":"assistant","message":{"id":"m1","content":[{"type":"text","text":"I look."},{"type":"tool_use","id":"t1","name":"Edit","input":{"file_path":"a.txt","old_string":"rate limit"}}]}}
      {"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t1","is_error":true,"content":"You've hit your session limit"}]}}
      """;
  private static final String CLAUDE_ENDS =
      """
      {"type":"result","subtype":"success","is_error":false,"session_id":"s-1","result":"All done.","total_cost_usd":0.0154683,"usage":{"input_tokens":3,"cache_creation_input_tokens":4,"cache_read_input_tokens":5,"output_tokens":6}}
      """;
  private static final String CODEX_BEGINS =
      """
      {"type":"thread.started","thread_id":"s-1"}
      {"type":"turn.started"}
      {"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"I look."}}
      {"type":"item.started","item":{"id":"item_1","type":"command_execution","command":"pytest","status":"in_progress"}}
      {"type":"item.completed","item":{"id":"item_1","type":"command_execution","command":"pytest","status":"failed","exit_code":1}}
      """;
  private static final String CODEX_ENDS =
      """
      {"type":"item.completed","item":{"id":"item_2","type":"agent_message","text":"All done."}}
      {"type":"turn.completed","usage":{"input_tokens":100,"cached_input_tokens":40,"output_tokens":7}}
      """;
  private static final String GEMINI_BEGINS =
      """
      {"type":"init","session_id":"s-1","model":"gemini-x"}
      {"type":"message","role":"user","content":"do it"}
      {"type":"message","role":"assistant","content":"I ","delta":true}
      {"type":"message","role":"assistant","content":"look.","delta":true}
      {"type":"tool_use","tool_name":"replace","tool_id":"t1","parameters":{"file_path":"a.txt"}}
      {"type":"tool_result","tool_id":"t1","status":"error","output":"no"}
      """;
  private static final String GEMINI_ENDS =
      """
      {"type":"message","role":"assistant","content":"All done.","delta":true}
      {"type":"result","status":"success","stats":{"input_tokens":10,"output_tokens":5,"cached":4}}
      """;
  private static final String OPENCODE_BEGINS =
      """
      {"type":"step_start","sessionID":"s-1","part":{}}
      {"type":"text","sessionID":"s-1","part":{"text":"I look."}}
      {"type":"tool_use","sessionID":"s-1","part":{"tool":"edit","callID":"c1","state":{"status":"error","input":{"filePath":"a.txt"}}}}
      {"type":"step_finish","sessionID":"s-1","part":{"cost":0.5,"tokens":{"input":1,"output":2,"reasoning":3,"cache":{"read":4,"write":5}}}}
      """;
  private static final String OPENCODE_ENDS =
      """
      {"type":"text","sessionID":"s-1","part":{"text":"All done."}}
      {"type":"step_finish","sessionID":"s-1","part":{"cost":0.25,"tokens":{"input":1,"output":2,"reasoning":0,"cache":{"read":0,"write":0}}}}
      """;
  private static final String GOOSE_BEGINS =
      """
      {"type":"message","message":{"role":"assistant","content":[{"type":"toolRequest","id":"c1","toolCall":{"status":"success","value":{"name":"developer__text_editor","arguments":{"path":"a.txt"}}}}]}}
      {"type":"message","message":{"role":"user","content":[{"type":"toolResponse","id":"c1","toolResult":{"status":"error"}}]}}
      """;
  private static final String GOOSE_ENDS =
      """
      {"type":"message","message":{"role":"assistant","content":[{"type":"text","text":"All done."}]}}
      {"type":"complete","total_tokens":42}
      """;

  @TempDir private Path folder;

  private static String begins(Preset preset) {
    return switch (preset) {
      case CLAUDE_CODE -> CLAUDE_BEGINS;
      case CODEX -> CODEX_BEGINS;
      case GEMINI_CLI -> GEMINI_BEGINS;
      case OPENCODE -> OPENCODE_BEGINS;
      case GOOSE -> GOOSE_BEGINS;
      case AIDER -> "Applied edit to a.txt\n";
      case GENERIC -> "";
    };
  }

  private static String ends(Preset preset) {
    return switch (preset) {
      case CLAUDE_CODE -> CLAUDE_ENDS;
      case CODEX -> CODEX_ENDS;
      case GEMINI_CLI -> GEMINI_ENDS;
      case OPENCODE -> OPENCODE_ENDS;
      case GOOSE -> GOOSE_ENDS;
      case AIDER ->
          "All done.\nTokens: 4.2k sent, 512 received. Cost: $0.02 message, $0.05 session.\n";
      case GENERIC -> "All done.\n";
    };
  }

  private Agent printing(Preset preset, String output, String then) {
    return new Agent(folder, preset.word(), "cat >/dev/null; cat output; " + then)
        .write("output", output);
  }

  private static Reply reply(Answer answer) {
    return assertInstanceOf(Answer.Replied.class, answer, answer::toString).reply();
  }

  private static <F extends ModelFailure> F failure(Class<F> kind, Answer answer) {
    Answer.Failed failed = assertInstanceOf(Answer.Failed.class, answer, answer::toString);
    return assertInstanceOf(kind, failed.failure(), answer::toString);
  }

  // How it goes well

  @ParameterizedTest
  @EnumSource(Preset.class)
  void an_agent_that_is_done_answers_with_its_last_words(Preset preset) {
    Reply reply = reply(printing(preset, begins(preset) + ends(preset), "exit 0").ask("Do it."));

    assertThat(reply.stop()).isEqualTo(Stop.END);
    assertThat(reply.text()).isEqualTo("All done.");
    assertThat(reply.calls()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Preset.class,
      names = {"AIDER", "GENERIC"},
      mode = EnumSource.Mode.EXCLUDE)
  void what_it_did_is_told_with_what_failed_of_it(Preset preset) {
    Agent agent = printing(preset, begins(preset) + ends(preset), "exit 0");

    List<Part> parts = reply(agent.ask("Do it.")).parts();

    Part.Deed deed = assertInstanceOf(Part.Deed.class, parts.getFirst());
    assertThat(deed.failed()).isTrue();
    assertThat(deed.subject()).isIn("a.txt", "pytest");
    assertThat(agent.watched).contains("call " + deed.name());
  }

  @ParameterizedTest
  @EnumSource(
      value = Preset.class,
      names = {"AIDER", "GENERIC", "GOOSE"},
      mode = EnumSource.Mode.EXCLUDE)
  void its_session_stands_in_the_echo(Preset preset) {
    Reply reply = reply(printing(preset, begins(preset) + ends(preset), "exit 0").ask("Do it."));

    Echo echo = reply.echo().orElseThrow();
    assertThat(echo.wire()).isEqualTo("command:" + preset.word());
    assertThat(echo.model()).isEqualTo("default");
    assertThat(echo.json()).startsWith("{\"session\":\"s-1\"");
    assertThat(echo.whole()).isTrue();
  }

  @Test
  void claude_is_counted_by_its_result_alone() {
    Reply reply =
        reply(printing(Preset.CLAUDE_CODE, CLAUDE_BEGINS + CLAUDE_ENDS, "exit 0").ask("Do it."));

    assertThat(reply.usage()).isEqualTo(new Usage(3, 5, 4, 6, 0, true, Cost.of(15_468)));
    assertThat(reply.model()).isEqualTo("claude-x");
  }

  @Test
  void codex_counts_what_was_cached_within_its_input() {
    Reply reply = reply(printing(Preset.CODEX, CODEX_BEGINS + CODEX_ENDS, "exit 0").ask("Do it."));

    assertThat(reply.usage()).isEqualTo(new Usage(60, 40, 0, 7, 0, true));
  }

  @Test
  void a_session_of_codex_that_goes_on_is_counted_from_where_it_was_resumed() {
    Agent agent = printing(Preset.CODEX, CODEX_BEGINS + CODEX_ENDS, "exit 0");
    Message first = new Message.Assistant(reply(agent.ask("Do it.")));
    agent.write(
        "output",
        CODEX_BEGINS
            + CODEX_ENDS.replace(
                "\"input_tokens\":100,\"cached_input_tokens\":40,\"output_tokens\":7",
                "\"input_tokens\":250,\"cached_input_tokens\":90,\"output_tokens\":9"));

    Reply second = reply(agent.ask(first, new Message.User("Again.")));

    assertThat(second.usage()).isEqualTo(new Usage(100, 50, 0, 2, 0, true));
  }

  @Test
  void steps_of_opencode_are_added_up() {
    Reply reply =
        reply(printing(Preset.OPENCODE, OPENCODE_BEGINS + OPENCODE_ENDS, "exit 0").ask("Do it."));

    assertThat(reply.usage()).isEqualTo(new Usage(2, 4, 5, 7, 3, true, Cost.of(750_000)));
  }

  @Test
  void what_aider_rounds_is_no_exact_count() {
    Reply reply = reply(printing(Preset.AIDER, ends(Preset.AIDER), "exit 0").ask("Do it."));

    assertThat(reply.usage()).isEqualTo(new Usage(4_200, 0, 0, 512, 0, false, Cost.of(20_000)));
  }

  @Test
  void a_line_of_many_mebibytes_does_no_harm() {
    Agent agent =
        new Agent(
                folder,
                "claude-code",
                "cat begins; printf '{\"type\":\"user\",\"x\":\"'; head -c 20000000 /dev/zero | tr '\\0' x;"
                    + " echo '\"}'; cat ends")
            .write("begins", CLAUDE_BEGINS)
            .write("ends", CLAUDE_ENDS);

    assertThat(reply(agent.ask("Do it.")).text()).isEqualTo("All done.");
  }

  @Test
  void deeds_are_told_up_to_a_number_that_people_can_follow() {
    StringBuilder many = new StringBuilder(CLAUDE_BEGINS);
    for (int i = 0; i < 500; i++) {
      many.append(
          "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"tool_use\",\"id\":\"n%d\",\"name\":\"Read\",\"input\":{\"file_path\":\"%s\"}}]}}\n"
              .formatted(i, "x".repeat(1_000)));
    }
    List<Part> parts =
        reply(printing(Preset.CLAUDE_CODE, many + CLAUDE_ENDS, "exit 0").ask("Do it.")).parts();

    assertThat(parts).hasSize(202).contains(new Part.Deed("…", "301 more", false));
  }

  // How it goes wrong

  @ParameterizedTest
  @EnumSource(
      value = Preset.class,
      names = {"GENERIC"},
      mode = EnumSource.Mode.EXCLUDE)
  void one_that_says_it_is_done_and_ends_with_another_code_is_not_believed(Preset preset) {
    Answer answer =
        printing(preset, begins(preset) + ends(preset), "echo Segfault >&2; exit 1").ask("Do it.");

    assertThat(failure(ModelFailure.Transient.class, answer).message()).contains("exit code 1");
  }

  @ParameterizedTest
  @EnumSource(
      value = Preset.class,
      names = {"CLAUDE_CODE", "CODEX", "GEMINI_CLI", "GOOSE"})
  void one_that_ends_without_its_last_word_is_not_believed(Preset preset) {
    Answer answer = printing(preset, begins(preset), "exit 0").ask("Do it.");

    assertThat(failure(ModelFailure.Transient.class, answer).message())
        .contains("without saying that it was done");
  }

  @Test
  void one_that_is_killed_may_work_another_time() {
    failure(
        ModelFailure.Transient.class,
        printing(Preset.CLAUDE_CODE, CLAUDE_BEGINS, "kill -9 $$").ask("Do it."));
  }

  @Test
  void a_flag_it_does_not_know_is_for_a_person() {
    Answer answer =
        printing(Preset.CLAUDE_CODE, "", "echo 'error: unknown option --nope' >&2; exit 1")
            .ask("Do it.");

    assertThat(failure(ModelFailure.Denied.class, answer).message())
        .contains("unknown option --nope", "providers.mine");
  }

  @Test
  void one_that_hangs_is_ended_when_it_has_been_silent_too_long() {
    Agent agent =
        printing(Preset.CLAUDE_CODE, CLAUDE_BEGINS, "sleep 600").silentFor(Duration.ofMillis(300));

    assertThat(failure(ModelFailure.Transient.class, agent.ask("Do it.")).message())
        .contains("said nothing");
  }

  @Test
  void one_that_takes_too_long_is_ended() {
    Agent agent =
        printing(Preset.CLAUDE_CODE, CLAUDE_BEGINS, "while :; do echo '{}'; sleep 0.05; done")
            .doneIn(Duration.ofMillis(400));

    assertThat(failure(ModelFailure.Unusable.class, agent.ask("Do it.")).message())
        .contains("timeouts.total");
  }

  @Test
  void one_that_is_stopped_is_gone() {
    Agent agent = printing(Preset.CODEX, CODEX_BEGINS, "echo $$ > pid; sleep 600");
    var answer =
        CompletableFuture.supplyAsync(
            () -> agent.ask("Do it."), task -> Thread.ofPlatform().daemon().start(task));
    while (!folder.resolve("pid").toFile().exists() || agent.read("pid").isBlank()) {
      LockSupport.parkNanos(2_000_000);
    }

    agent.stop.request();

    failure(ModelFailure.Canceled.class, answer.join());
    assertThat(ProcessHandle.of(Long.parseLong(agent.read("pid").strip())))
        .matches(handle -> handle.filter(ProcessHandle::isAlive).isEmpty());
  }

  // Limits

  @Test
  void a_rejection_by_claude_holds_until_it_says() {
    String limited =
        """
        {"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1786100000,"rateLimitType":"five_hour"}}
        {"type":"assistant","error":"rate_limit","message":{"content":[{"type":"text","text":"You've hit your session limit · resets 3:45pm"}]}}
        {"type":"result","subtype":"success","is_error":true,"api_error_status":429,"result":"You've hit your session limit · resets 3:45pm"}
        """;

    var window =
        failure(
            ModelFailure.Window.class,
            printing(Preset.CLAUDE_CODE, CLAUDE_BEGINS + limited, "exit 1").ask("Do it."));

    assertThat(window.resetsAt()).contains(Instant.ofEpochSecond(1_786_100_000));
    assertThat(window.message()).contains("five hour");
  }

  @Test
  void a_success_that_is_an_error_is_one() {
    String limited =
        """
        {"type":"result","subtype":"success","is_error":true,"api_error_status":429,"result":"You've hit your weekly limit · resets Mon 12:00am (UTC)"}
        """;

    var window =
        failure(
            ModelFailure.Window.class,
            printing(Preset.CLAUDE_CODE, CLAUDE_BEGINS + limited, "exit 0").ask("Do it."));

    assertThat(window.resetsAt()).contains(Instant.parse("2026-08-10T00:00:00Z"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Preset.class,
      names = {"GENERIC", "AIDER"},
      mode = EnumSource.Mode.EXCLUDE)
  void words_about_limits_in_what_is_read_or_said_are_none(Preset preset) {
    String prose =
        ends(preset).replace("All done.", "You've hit your usage limit, 429, overloaded");

    reply(printing(preset, begins(preset) + prose, "exit 0").ask("Do it."));
  }

  @Test
  void codex_says_when_to_try_again() {
    String limited =
        """
        {"type":"error","message":"You've hit your usage limit. Try again at Aug 8th, 2026 12:30 PM (UTC)."}
        {"type":"turn.failed","error":{"message":"You've hit your usage limit. To get more access now, try again at Aug 8th, 2026 12:30 PM (UTC)."}}
        """;

    var window =
        failure(
            ModelFailure.Window.class,
            printing(Preset.CODEX, CODEX_BEGINS + limited, "exit 1").ask("Do it."));

    assertThat(window.resetsAt()).contains(Instant.parse("2026-08-08T12:30:00Z"));
  }

  @Test
  void an_attempt_of_codex_to_reconnect_is_no_failure_if_it_goes_on() {
    String hiccup = "{\"type\":\"error\",\"message\":\"stream disconnected; retrying 1/5\"}\n";

    reply(printing(Preset.CODEX, CODEX_BEGINS + hiccup + CODEX_ENDS, "exit 0").ask("Do it."));
  }

  @Test
  void gemini_says_how_long_its_quota_is_gone() {
    String limited =
        """
        {"type":"result","status":"error","error":{"type":"TerminalQuotaError","message":"You have exhausted your capacity on this model. Your quota will reset after 19h14m47s."},"stats":{}}
        """;

    var window =
        failure(
            ModelFailure.Window.class,
            printing(Preset.GEMINI_CLI, GEMINI_BEGINS + limited, "exit 1").ask("Do it."));

    assertThat(window.resetsAt()).contains(Agent.NOW.plus(Duration.parse("PT19H14M47S")));
  }

  @Test
  void aider_fails_with_exit_code_0_and_is_found_out() {
    String limited =
        """
        litellm.RateLimitError: OpenAIException - too many
        The API provider has rate limited you. Try again later or check your quotas.
        """;

    failure(ModelFailure.Transient.class, printing(Preset.AIDER, limited, "exit 0").ask("Do it."));
    failure(
        ModelFailure.Denied.class,
        printing(Preset.AIDER, "litellm.AuthenticationError: bad key\n", "exit 0").ask("Do it."));
  }

  @Test
  void goose_swallows_its_errors_and_is_found_out() {
    failure(
        ModelFailure.Transient.class,
        printing(
                Preset.GOOSE, GOOSE_BEGINS + "Ran into this error: Rate limit exceeded\n", "exit 0")
            .ask("Do it."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"result\":\"Credit balance is too low\"}",
        "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"result\":\"Invalid API key · Please run /login\"}",
        "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"api_error_status\":401,\"result\":\"API Error\"}",
        "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"api_error_status\":404,\"result\":\"no model\"}"
      })
  void what_needs_a_person_is_not_tried_again(String result) {
    failure(
        ModelFailure.Denied.class,
        printing(Preset.CLAUDE_CODE, CLAUDE_BEGINS + result + "\n", "exit 1").ask("Do it."));
  }

  @Test
  void turns_that_are_used_up_will_be_used_up_again() {
    failure(
        ModelFailure.Unusable.class,
        printing(
                Preset.CLAUDE_CODE,
                CLAUDE_BEGINS
                    + "{\"type\":\"result\",\"subtype\":\"error_max_turns\",\"is_error\":true}\n",
                "exit 1")
            .ask("Do it."));
  }

  @Test
  void patterns_of_the_users_own_take_the_place_of_those_that_ship() {
    Agent agent =
        printing(Preset.CLAUDE_CODE, CLAUDE_BEGINS, "echo 'Feierabend bis 3pm (UTC)' >&2; exit 1")
            .write(
                "limits.yml",
                """
                version: 1
                rules:
                  - {id: home-time, match: "Feierabend bis (?<reset>.+)", class: window}
                """)
            .with("limit_patterns", "limits.yml");

    assertThat(failure(ModelFailure.Window.class, agent.ask("Do it.")).resetsAt())
        .contains(Instant.parse("2026-08-07T15:00:00Z"));
  }

  // Sessions

  private static Message.Assistant echo(Preset preset) {
    return new Message.Assistant(
        new Reply(
            "m",
            List.of(new Part.Text("Done.")),
            Stop.END,
            "",
            Usage.NONE,
            Optional.of(
                new Echo("command:" + preset.word(), "default", "{\"session\":\"s-1\"}", true))));
  }

  @ParameterizedTest
  @EnumSource(
      value = Preset.class,
      names = {"AIDER", "GENERIC"},
      mode = EnumSource.Mode.EXCLUDE)
  void a_session_is_resumed_with_what_was_said_after_it(Preset preset) {
    Agent agent =
        new Agent(folder, preset.word(), "cat > input; cat output")
            .write("output", begins(preset) + ends(preset));

    reply(agent.ask(new Message.User("Do it."), echo(preset), new Message.User("Again.")));

    assertThat(agent.read("words")).contains("s-1");
    assertThat(agent.read("input")).isEqualTo("Again.");
  }

  @Test
  void a_session_that_claude_has_forgotten_is_begun_anew_with_all_that_was_said() {
    Agent agent =
        new Agent(
                folder,
                "claude-code",
                """
                cat > input
                case "$*" in *--resume*)
                  echo '{"type":"result","subtype":"error_during_execution","is_error":true,"num_turns":0,"errors":["No conversation found with session ID: s-1"]}'
                  exit 1;;
                esac
                cat output\
                """)
            .write("output", CLAUDE_BEGINS + CLAUDE_ENDS);

    reply(agent.ask(echo(Preset.CLAUDE_CODE), new Message.User("Do it.")));

    assertThat(agent.read("words").split("--output-format", -1)).hasSize(3);
    assertThat(agent.read("words").split("--resume", -1)).hasSize(2);
    assertThat(agent.read("input")).isEqualTo("Do it.");
  }

  @Test
  void a_session_of_another_agent_is_none_of_its_business() {
    Agent agent = printing(Preset.CLAUDE_CODE, CLAUDE_BEGINS + CLAUDE_ENDS, "exit 0");

    reply(agent.ask(echo(Preset.CODEX), new Message.User("Do it.")));

    assertThat(agent.read("words")).doesNotContain("--resume");
  }

  // How it is told

  @ParameterizedTest
  @ValueSource(strings = {"stdin", "argument", "file"})
  void the_prompt_reaches_a_program_as_configured(String way) {
    Agent agent =
        new Agent(
                folder,
                "generic",
                """
                cat > input
                case "$1" in
                  --file) cat "$2" > input;;
                  ?*) printf %s "$1" > input;;
                esac
                echo ok\
                """)
            .with("prompt", way);
    if (way.equals("file")) {
      agent.with("args", List.of("--file", "{prompt_file}"));
    }

    reply(agent.ask("-- do 'it' $HOME"));

    assertThat(agent.read("input")).endsWith("-- do 'it' $HOME");
  }

  // Who pays

  @Test
  void an_agent_gets_no_more_of_the_environment_than_it_needs() {
    Agent agent =
        printing(Preset.CLAUDE_CODE, CLAUDE_BEGINS + CLAUDE_ENDS, "exit 0")
            .set("ANTHROPIC_API_KEY", "key-1")
            .set("OPENAI_API_KEY", "key-2")
            .set("AWS_SECRET_ACCESS_KEY", "key-3")
            .set("MINE", "mine")
            .with("env", List.of("MINE"));

    reply(agent.ask("Do it."));

    assertThat(agent.read("variables"))
        .contains("ANTHROPIC_API_KEY=key-1", "MINE=mine", "HOME=")
        .doesNotContain("key-2", "key-3");
  }

  @Test
  void a_login_and_a_key_together_are_refused_until_one_is_chosen() {
    Agent agent =
        printing(Preset.CODEX, CODEX_BEGINS + CODEX_ENDS, "exit 0")
            .set("OPENAI_API_KEY", "key-1")
            .write("home/.codex/auth.json", "{\"tokens\":{\"id_token\":\"t\"}}");

    assertThatThrownBy(agent::model)
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll(
            "billing: subscription", "billing: api_key", "providers.mine", "OPENAI_API_KEY")
        .hasMessageNotContaining("key-1");

    reply(agent.with("billing", "subscription").ask("Do it."));
    assertThat(agent.read("variables")).doesNotContain("key-1");
    assertThat(CommandModel.payer(agent.settings(), folder, agent.environment, "m").shown())
        .isEqualTo("mine m: login of codex, not metered");

    reply(agent.with("billing", "api_key").ask("Do it."));
    assertThat(agent.read("variables")).contains("CODEX_API_KEY=key-1");
    assertThat(CommandModel.payer(agent.settings(), folder, agent.environment, "m").shown())
        .isEqualTo("mine m: OPENAI_API_KEY, metered");
  }

  @Test
  void a_token_is_kept_from_an_agent_that_a_key_pays_for() {
    Agent agent =
        printing(Preset.CLAUDE_CODE, CLAUDE_BEGINS + CLAUDE_ENDS, "exit 0")
            .set("ANTHROPIC_API_KEY", "key-1")
            .set("CLAUDE_CODE_OAUTH_TOKEN", "token-1");

    reply(agent.with("billing", "api_key").ask("Do it."));
    assertThat(agent.read("variables")).contains("key-1").doesNotContain("token-1");

    reply(agent.with("billing", "subscription").ask("Do it."));
    assertThat(agent.read("variables")).contains("token-1").doesNotContain("key-1");
  }

  @Test
  void a_key_under_a_name_of_ones_own_reaches_the_agent_under_its_name() {
    Agent agent =
        printing(Preset.CLAUDE_CODE, CLAUDE_BEGINS + CLAUDE_ENDS, "exit 0")
            .set("WORK_KEY", "key-1")
            .keyIn("WORK_KEY");

    reply(agent.ask("Do it."));

    assertThat(agent.read("variables")).contains("ANTHROPIC_API_KEY=key-1");
  }

  @Test
  void of_several_keys_one_has_to_be_named() {
    Agent agent =
        printing(Preset.OPENCODE, OPENCODE_BEGINS + OPENCODE_ENDS, "exit 0")
            .set("ANTHROPIC_API_KEY", "key-1")
            .set("OPENAI_API_KEY", "key-2");

    assertThatThrownBy(agent::model)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("api_key_env: ANTHROPIC_API_KEY");
  }

  @Test
  void a_program_that_is_missing_is_found_out_before_anything_begins() {
    Agent agent = printing(Preset.CODEX, "", "exit 0").with("command", List.of("no-such-agent"));

    assertThatThrownBy(agent::model)
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContainingAll("no-such-agent", "npm install");
  }
}
