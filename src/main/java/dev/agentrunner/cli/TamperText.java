package dev.agentrunner.cli;

import dev.agentrunner.core.run.RunEvent.TamperFound;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What was found to weaken the checks, for people. */
final class TamperText {

  private TamperText() {}

  /** A line each. */
  static List<String> lines(TamperFound found) {
    Stream<String> restored =
        found.restored().stream().map(path -> path + " is protected and was put back");
    Stream<String> suspicions =
        found.suspicions().stream()
            .map(one ->
                "%s (%s)"
                    .formatted(
                        one.shown(), one.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    Stream<String> more =
        found.more() == 0 ? Stream.of() : Stream.of("and %d more".formatted(found.more()));
    return Stream.of(restored, suspicions, more)
        .flatMap(lines -> lines)
        .map(text -> Screen.harmless(text).replace('\n', ' '))
        .toList();
  }

  /** What was found of the last attempt of each task, a line each; empty if there was nothing. */
  static List<String> lines(RunState state) {
    return state.tasks().stream()
        .flatMap(task ->
            last(task).stream()
                .flatMap(found -> lines(found).stream())
                .map(line -> task.id() + ": " + line))
        .toList();
  }

  private static Optional<TamperFound> last(TaskState task) {
    return task.checkpoints().guarded().of(task.attempts());
  }
}
