package dev.agentrunner.core.run;

import dev.agentrunner.core.run.RunEvent.MergeEnded;
import dev.agentrunner.core.run.RunEvent.MergeStarted;
import java.util.List;
import java.util.Optional;

/** What the events of a task's worktree make of the task. */
final class MergeFold {

  private static final int NAMED_MAX = 20;

  private MergeFold() {}

  static TaskState opened(TaskState task, RunEvent.WorktreeOpened opened) {
    return task.apart(own(task).madeFrom(opened.base()));
  }

  static TaskState started(TaskState task, MergeStarted started) {
    return task.apart(
        own(task)
            .merging(
                new Worktree.Merge(
                    started.onto(), started.tree(), started.landing(), started.conflicts())));
  }

  static TaskState ended(TaskState task, MergeEnded ended) {
    Worktree own = own(task);
    Worktree.Merge merge =
        own.merge()
            .orElseThrow(() -> new IllegalStateException("no merge was begun: " + task.id()));
    return switch (ended.end()) {
      case MERGED ->
          task.apart(own.at(Worktree.Standing.MERGED))
              .kept(task.checkpoints().broughtUp(ended.before(), false));
      case CAUGHT_UP ->
          broughtUp(task, own.madeFrom(merge.onto()).at(Worktree.Standing.CAUGHT_UP), ended)
              .at(judgedAnew(TaskFold.stage(task)))
              .learning(task.lessons().with(task.lessons().errands().judgingAgain()));
      case CONFLICT ->
          givenBack(broughtUp(task, own.madeFrom(merge.onto()), ended))
              .at(
                  new Stage.Ready(
                      Optional.of(
                          new Setback(
                              conflict(merge.conflicts()),
                              "",
                              task.lessons().errands().diagnosis()))));
      case OVERTAKEN -> task.apart(own.at(Worktree.Standing.APART));
    };
  }

  private static TaskState broughtUp(TaskState task, Worktree own, MergeEnded ended) {
    return task.apart(own).kept(task.checkpoints().broughtUp(ended.before(), true));
  }

  private static Stage judgedAnew(Stage stage) {
    if (stage instanceof Stage.Judging(String summary, var passed, var open, var failed)) {
      return new Stage.Judging(summary, 0, Optional.empty(), Optional.empty());
    }
    throw new IllegalStateException("merged while " + stage);
  }

  private static String conflict(List<String> paths) {
    int named = Math.min(NAMED_MAX, paths.size());
    int more = paths.size() - named;
    return "your work was merged with what other tasks did meanwhile, and does not fit. Settle the conflicts, marked with <<<<<<< and >>>>>>> where both changed the same lines, so that what both wanted is there: "
        + String.join(", ", paths.subList(0, named))
        + (more == 0 ? "" : " and %d more".formatted(more));
  }

  /** The gates, or a person, said no to what a merge had made. */
  static TaskState refused(TaskState task) {
    return task.worktree().filter(own -> own.standing() == Worktree.Standing.CAUGHT_UP).isPresent()
        ? givenBack(task)
        : task;
  }

  /** The first time is no fault of the attempts it may have. */
  private static TaskState givenBack(TaskState task) {
    Worktree own = own(task);
    TaskState back = task.apart(own.givenBack());
    return own.returned() == 0 ? back.granting(1) : back;
  }

  private static Worktree own(TaskState task) {
    return task.worktree()
        .orElseThrow(() -> new IllegalStateException("it has no worktree: " + task.id()));
  }
}
