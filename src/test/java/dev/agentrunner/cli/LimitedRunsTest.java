package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that the user's own limits and budgets stop, seen from the front door. */
final class LimitedRunsTest {

  @TempDir private Path folder;
  private ProgramDoor door;

  @BeforeEach
  void a_project() {
    door = new ProgramDoor(folder, Script.ofFiles()).tasks("T1", "T2");
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void a_used_up_quota_stops_the_run_until_a_time_that_is_told() {
    door.configured("rate_limits: {claude: {max_requests_hour: 3}}\n");

    Outcome stopped = door.run("run");
    Outcome limits = door.run("limits");
    Outcome tooEarly = door.run("resume", "--if-due");
    Outcome ignoring = door.run("resume", "--ignore-config-limits");

    assertThat(stopped.exit()).as(stopped.err()).isEqualTo(75);
    assertThat(stopped.out())
        .contains("Rate limit reached, safe to re-run after", "3 requests per hour");
    assertThat(limits.out())
        .contains("3 requests per hour", "3 used, 0 left", "all back", "1 task left");
    assertThat(tooEarly).isEqualTo(new Outcome(0, "", ""));
    assertThat(ignoring.exit()).as(ignoring.err()).isZero();
    assertThat(ignoring.err()).contains("rate_limits and budget are ignored");
  }

  @Test
  void another_project_of_the_same_account_finds_the_quota_used_up() {
    door.configured("rate_limits: {claude: {max_requests_hour: 4}}\n");

    Outcome first = door.run("run");
    Outcome second = door.run("run", "--redo", "T1,T2");

    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(second.exit()).as(second.err()).isEqualTo(75);
    assertThat(door.provider().requestsFor("T1")).isEqualTo(2);
  }

  @Test
  void without_a_home_to_keep_count_in_only_who_sets_limits_is_held_up() {
    door.with("HOME", "/dev/null");

    Outcome unlimited = door.run("run");
    Outcome limited =
        door.run("run", "--redo", "T1", "--set", "rate_limits.claude.max_requests_hour=9");

    assertThat(unlimited.exit()).as(unlimited.err()).isZero();
    assertThat(limited.exit()).isEqualTo(5);
    assertThat(limited.out()).contains("cannot keep count of what was spent in /dev/null");
  }

  @Test
  void limits_are_told_to_scripts() throws IOException {
    door.configured("rate_limits: {claude: {max_tokens_week: 1000000, reserve: 20%}}\n");
    door.run("run");

    JsonNode limits =
        new ObjectMapper().readTree(door.run("limits", "-o", "json").out()).path("providers");

    assertThat(limits).hasSize(1);
    JsonNode window = limits.path(0).path("windows").path(0);
    assertThat(limits.path(0).path("reserve_percent").asInt()).isEqualTo(20);
    assertThat(window.path("measure").asText()).isEqualTo("tokens");
    assertThat(window.path("used").asLong()).isPositive();
    assertThat(window.path("used").asLong() + window.path("left").asLong()).isEqualTo(1_000_000);
  }

  @Test
  void a_used_up_budget_has_an_exit_code_of_its_own() {
    door.configured("budget: {run_calls: 3}\n");

    Outcome stopped = door.run("run");
    Outcome notDue = door.run("resume", "--if-due");
    Outcome raised = door.run("resume", "--set", "budget.run_calls=9");

    assertThat(stopped.exit()).as(stopped.err()).isEqualTo(6);
    assertThat(stopped.out()).contains("Budget used up", "3 calls", "budget.run_calls");
    assertThat(notDue).isEqualTo(new Outcome(0, "", ""));
    assertThat(raised.exit()).as(raised.err()).isZero();
  }

  @Test
  void a_budget_in_dollars_needs_a_price() {
    door.configured("budget: {run_usd: 5}\n");

    Outcome outcome = door.run("run");

    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("budget.run_usd", "claude-test", "prices");
    assertThat(door.events()).isEmpty();
  }

  @Test
  void resume_if_due_goes_on_with_what_nothing_holds_up() {
    door.configured("rate_limits: {claude: {max_requests_hour: 3}}\n");
    door.run("run");

    Outcome due =
        door.run("resume", "--if-due", "--set", "rate_limits.claude.max_requests_hour=100");

    assertThat(due.exit()).isZero();
    assertThat(due.err()).as("by the clock it is not due").isEmpty();
  }

  @Test
  void what_is_no_share_is_said_where_it_stands() {
    door.configured("rate_limits: {claude: {reserve: 120%}}\n");

    Outcome outcome = door.run("config", "validate");

    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("reserve", "20% or 0.2");
  }
}
