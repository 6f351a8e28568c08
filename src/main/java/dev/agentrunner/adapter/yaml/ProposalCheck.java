package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Mapping;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What cannot go together with tasks that are only proposed. */
final class ProposalCheck {

  private final Faults faults;
  private final Proposing proposing;
  private final List<Values> tasks;

  ProposalCheck(Mapping root, Configuration configuration, Faults faults) {
    this.faults = faults;
    this.proposing = new Proposing(configuration, new Values(root).group("defaults"));
    this.tasks = TaskListFile.tasks(root);
  }

  void check() {
    Set<String> proposed =
        tasks.stream()
            .filter(proposing::holdsFor)
            .flatMap(task -> task.text("id").stream())
            .collect(Collectors.toSet());
    for (Values task : tasks) {
      if (proposing.holdsFor(task)) {
        task.group("git")
            .scalar("commit")
            .filter(commit -> !commit.text().equals("off"))
            .ifPresent(commit ->
                faults.warn(
                    commit.at(),
                    "a task that is only proposed is not committed",
                    "leave 'commit' out, or 'propose'"));
      } else {
        needs(task, proposed);
      }
    }
  }

  /** What was not done in the folder is not there for others to build on. */
  private void needs(Values task, Set<String> proposed) {
    task.scalars("depends_on").stream()
        .filter(name -> proposed.contains(name.text()))
        .filter(_ -> !faults.isFull())
        .forEach(name ->
            faults.add(
                name.at(),
                "task %s is only proposed, so what it does is not there for task %s"
                    .formatted(
                        Printable.quoted(name.text()),
                        Printable.quoted(task.text("id").orElse(""))),
                "give this task 'propose: true' too, or run them all with --propose"));
  }
}
