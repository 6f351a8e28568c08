package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import dev.agentrunner.testing.Trouble;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that stand still before their end, and how they go on, seen from the front door. */
final class StoppedRunsTest {

  @TempDir private Path folder;

  @Test
  void a_failed_pre_hook_waits_for_a_person_and_resume_looks_again() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1", "T2, pre_hooks: [pass, ready]", "T3");

      Outcome stopped = door.run("run");
      Outcome still = door.run("resume");
      door.write("ready", "");
      Outcome resumed = door.run("resume");

      assertThat(stopped.exit()).as(stopped.err()).isEqualTo(4);
      assertThat(stopped.out())
          .contains("A person must decide", "pre-hook ready", "agent-runner resume");
      assertThat(still.exit()).isEqualTo(4);
      assertThat(resumed.exit()).as(resumed.err()).isZero();
      assertThat(door.provider().requestsFor("T1")).isEqualTo(2);
    }
  }

  @Test
  void a_person_at_the_terminal_is_asked() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, pre_hooks: [ready]", "T2").attendedBy("what?", "s");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).isEqualTo(3);
      assertThat(outcome.err()).contains("pre-hook ready", "[s]kip");
    }
  }

  @Test
  void a_refused_key_stops_the_run_and_nothing_is_lost() {
    try (var door =
        new ProgramDoor(folder, Script.ofFiles().at("T2", 1, 2, Reaction.refusesKey()))) {
      door.tasks("T1", "T2");

      Outcome stopped = door.run("run");
      Outcome resumed = door.run("resume");

      assertThat(stopped.exit()).isEqualTo(5);
      assertThat(stopped.out()).contains("FRONT_DOOR_KEY", "agent-runner resume");
      assertThat(resumed.exit()).as(resumed.err()).isZero();
      assertThat(door.provider().requestsFor("T2")).as("goes on from the last reply").isEqualTo(3);
    }
  }

  @Test
  void a_missing_key_is_told_before_anything_is_begun() {
    try (var door = new ProgramDoor(folder, Script.ofFiles()).withoutKey()) {
      door.tasks("T1, pre_hooks: [fail]");

      // Others may do without a key.
      Outcome outcome =
          door.run("run", "--set", "providers.claude.base_url=https://api.anthropic.com");

      assertThat(outcome.exit()).isEqualTo(5);
      assertThat(outcome.err()).contains("FRONT_DOOR_KEY");
      assertThat(door.events()).isEmpty();
    }
  }

  @Test
  void a_used_up_quota_tells_when_to_come_back() throws IOException {
    try (var door =
        new ProgramDoor(folder, Script.ofFiles().at("T2", 1, 1, Reaction.limits(7200)))) {
      door.tasks("T1", "T2");
      Instant begun = Instant.now();

      Outcome stopped = door.run("run", "-o", "json");
      Outcome status = door.run("status");
      Outcome resumed = door.run("run");

      JsonNode summary = FinishedRunsTest.json(stopped).getLast();
      assertThat(stopped.exit()).isEqualTo(75);
      assertThat(summary.path("exit").asInt()).isEqualTo(75);
      assertThat(Instant.parse(summary.path("resume_at").asText()))
          .isBetween(begun.plusSeconds(7100), begun.plusSeconds(7300));
      assertThat(status.out()).contains("safe to re-run after");
      assertThat(resumed.exit()).isZero();
      assertThat(door.provider().requestsFor("T1")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void trouble_in_passing_is_got_over(Reaction trouble) {
    try (var door = new ProgramDoor(folder, Script.ofFiles().at("T1", 1, 2, trouble))) {
      door.tasks("T1, post_hooks: [pass]");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.err()).contains("next try in");
      assertThat(door.provider().requests()).hasSize(3);
    }
  }

  @Test
  void a_reply_that_stops_coming_is_given_up() {
    Reaction stalls = new Reaction.Stalls(Reaction.finishes("not to be believed"), 6);
    try (var door = new ProgramDoor(folder, Script.ofFiles().at("T1", 1, 2, stalls))) {
      door.tasks("T1, post_hooks: [pass]");

      Outcome outcome = door.run("run", "--set", "providers.claude.timeouts.silence=1s");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.err()).contains("has sent nothing for 1s", "next try in");
    }
  }

  static Reaction[] troubles() {
    Reaction.Says begun = Reaction.finishes("not to be believed before it is whole");
    return new Reaction[] {
      Reaction.overloads(),
      new Reaction.Cuts(begun, 6),
      new Reaction.HangsUp(),
      new Reaction.Breaks(begun, 3, Trouble.OVERLOADED, "Overloaded"),
      new Reaction.Babbles(200, "text/event-stream", "data: {\"type\":\n\n"),
      new Reaction.Babbles(502, "text/plain", "Bad Gateway"),
    };
  }

  @Test
  void trouble_that_stays_stops_the_run_until_it_is_resumed() {
    Reaction broken = new Reaction.Babbles(502, "text/plain", "Bad Gateway");
    try (var door = new ProgramDoor(folder, Script.ofFiles().at("T1", 1, 1, broken, broken))) {
      door.tasks("T1");

      Outcome stopped = door.run("run");
      Outcome resumed = door.run("resume");

      assertThat(stopped.exit()).isEqualTo(5);
      assertThat(stopped.out()).contains("gave up for now");
      assertThat(resumed.exit()).isZero();
    }
  }

  @Test
  void a_web_page_in_place_of_a_reply_is_not_asked_for_again() {
    Script page =
        asked -> new Reaction.Babbles(200, "text/html", "<html><b>Please log in</b></html>");
    try (var door = new ProgramDoor(folder, page)) {
      door.tasks("T1");

      Outcome stopped = door.run("run");

      assertThat(stopped.exit()).isEqualTo(5);
      assertThat(stopped.out()).contains("base_url");
      assertThat(door.provider().requests()).hasSize(1);
    }
  }

  @Test
  void a_reply_in_single_bytes_is_a_reply() {
    Script dribbling =
        asked ->
            Script.ofFiles().to(asked) instanceof Reaction.Says says
                ? new Reaction.Dribbles(says, Duration.ZERO)
                : new Reaction.HangsUp();
    try (var door = new ProgramDoor(folder, dribbling)) {
      door.tasks("T1, post_hooks: [pass]");

      assertThat(door.run("run").exit()).isZero();
    }
  }

  @Test
  void a_request_that_is_refused_for_good_fails_the_task_and_not_the_run() {
    Reaction tooLong = new Reaction.Refuses(Trouble.TOO_LONG, "");
    try (var door = new ProgramDoor(folder, Script.ofFiles().at("T1", 1, 1, tooLong))) {
      door.tasks("T1", "T2");

      Outcome outcome = door.run("run", "-o", "quiet");

      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.lines())
          .satisfiesExactly(
              line -> assertThat(line).startsWith("T1 failed").contains("too long"),
              line -> assertThat(line).isEqualTo("T2 completed"));
      assertThat(door.provider().requestsFor("T1")).isEqualTo(1);
    }
  }

  @Test
  void a_second_run_is_told_who_holds_the_project() {
    AtomicReference<ProgramDoor> same = new AtomicReference<>();
    List<Outcome> meanwhile = new CopyOnWriteArrayList<>();
    Script nosy =
        asked -> {
          if (asked.turn() == 1) {
            meanwhile.add(same.get().run("run"));
            meanwhile.add(same.get().run("status"));
          }
          return Script.ofFiles().to(asked);
        };
    try (var door = new ProgramDoor(folder, nosy)) {
      same.set(door);
      door.tasks("T1");

      Outcome first = door.run("run");

      assertThat(first.exit()).as(first.err()).isZero();
      assertThat(meanwhile).extracting(Outcome::exit).containsExactly(5, 0);
      assertThat(meanwhile.getFirst().err()).contains("Another run holds", "lock");
      assertThat(meanwhile.getLast().out()).contains("running");
    }
  }
}
