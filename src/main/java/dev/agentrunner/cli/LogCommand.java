package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.EventJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code log}. */
@Command(
    name = "log",
    mixinStandardHelpOptions = true,
    description = "Show the events of the project's last run.",
    sortOptions = false)
final class LogCommand implements Callable<Integer> {

  private final Tools tools;

  @Option(names = "--run", paramLabel = "ID", description = "Another run than the last one.")
  private @Nullable String run;

  @Option(names = "--task", paramLabel = "ID", description = "Only what concerns this task.")
  private @Nullable String task;

  @Option(names = "--json", description = "The events as they stand in the log, one a line.")
  private boolean json;

  @Mixin private Place place = new Place();

  LogCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    History history = tools.workbench().history(tools.workbench().project(place.directory()));
    RunId id = StatusCommand.meant(history, Optional.ofNullable(run));
    EventJson events = new EventJson(Bodies.INLINE);
    history.events(
        id,
        recorded -> {
          if (task == null || concerns(recorded.event())) {
            tools.screen().out().println(json ? line(events.write(id, recorded)) : line(recorded));
          }
        });
    return ExitCode.DONE.number();
  }

  private boolean concerns(RunEvent event) {
    return event instanceof RunEvent.OfTask ofTask && ofTask.task().value().equals(task);
  }

  private static String line(byte[] written) {
    return new String(written, StandardCharsets.UTF_8);
  }

  private static String line(Recorded recorded) {
    RunEvent event = recorded.event();
    String where =
        switch (event) {
          case RunEvent.OfAttempt e when e.attempt() > 0 -> e.task() + "/" + e.attempt();
          case RunEvent.OfTask e -> e.task().value();
          default -> "";
        };
    return "%5d  %s  %-18s %-10s %s"
        .formatted(
            recorded.seq(),
            recorded.at(),
            event.type(),
            where,
            Screen.harmless(EventText.of(event)).replace('\n', ' '))
        .stripTrailing();
  }
}
