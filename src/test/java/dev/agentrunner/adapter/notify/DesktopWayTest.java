package dev.agentrunner.adapter.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.report.Notice;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.Telling.Occasion;
import dev.agentrunner.port.Programs;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DesktopWayTest {

  private static final Notice NOTICE =
      new Notice(
          Occasion.END,
          new RunId("20261121-101500-7f3a"),
          7,
          Instant.EPOCH,
          "tasks.yml",
          Optional.empty(),
          "-x \"; rm -rf /",
          "<b>bold</b> & more\nsecond line",
          Optional.empty());

  private final List<Programs.Talk> talks = new ArrayList<>();
  private Programs.End end = new Programs.Exited(0);

  private final Programs programs =
      (talk, listener, stop) -> {
        talks.add(talk);
        return end;
      };

  private Optional<String> tell(String system) {
    return new DesktopWay(programs, "/", Map.of(), Duration.ofSeconds(1), system)
        .tell(NOTICE, new StopSignal());
  }

  @Test
  void texts_are_arguments_and_never_options_markup_or_script() {
    assertThat(tell("Linux")).isEmpty();
    assertThat(tell("Mac OS X")).isEmpty();
    assertThat(tell("Windows 11")).isEmpty();

    assertThat(talks.get(0).program().words())
        .containsExactly(
            "notify-send",
            "--app-name=agent-runner",
            "--",
            "-x \"; rm -rf /",
            "&lt;b&gt;bold&lt;/b&gt; &amp; more");
    assertThat(talks.get(1).program().words())
        .endsWith("--", "-x \"; rm -rf /", "<b>bold</b> & more");
    assertThat(talks.get(2).program().words()).noneMatch(word -> word.contains("rm -rf"));
    assertThat(talks.get(2).environment()).containsEntry("AGENT_RUNNER_TITLE", "-x \"; rm -rf /");
  }

  @Test
  void a_system_without_the_program_is_said_to_have_none() {
    end = new Programs.NotStarted("no such program: notify-send");

    assertThat(tell("Linux"))
        .contains(
            "the desktop was not told: its program could not be started: no such program: notify-send");
  }
}
