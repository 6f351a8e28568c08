package dev.agentrunner.crash;

import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.HookStage;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.TaskId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What must hold whenever the program was killed, and once it was left to finish. Remembers what
 * was done already, as that must not be done again.
 *
 * <ul>
 *   <li>I1: the state file is whole.
 *   <li>I2: the log holds events 1, 2, 3 …, each following the one before.
 *   <li>I3: the state is what the log adds up to.
 *   <li>I4: a completed task is never taken up again.
 *   <li>I5: no task is lost; each is completed once, after those it depends on.
 *   <li>I6: nothing moves back.
 *   <li>I7: hooks ran as often as the log says, and what was cut off is marked once.
 *   <li>I8: only failures count as failures.
 *   <li>I9: the provider was asked as often as the log says, and every token is counted.
 *   <li>I10: each file is its old or its new self.
 *   <li>I11: nothing is left lying about.
 *   <li>I12: what is done is done: another start does nothing.
 *   <li>I13: in the user's count, no call is missing and none stands twice.
 *   <li>I14: no task is committed twice, and none that is to be is not.
 * </ul>
 */
final class Invariants {

  private final Ground ground;
  private final Map<String, Long> workWhenDone = new HashMap<>();
  private final List<String> broken = new ArrayList<>();

  Invariants(Ground ground) {
    this.ground = ground;
  }

  /** Everything found to be broken so far. */
  List<String> broken() {
    return List.copyOf(broken);
  }

  @SuppressWarnings("AnnotateFormatMethod")
  void hold(boolean holds, String otherwise, Object... details) {
    if (!holds) {
      broken.add(otherwise.formatted(details));
    }
  }

  /** After a kill, too: what is written down elsewhere. */
  void checkBooks(Facts facts, Books books) {
    int asked = all(facts, RunEvent.ModelAsked.class).size();
    int cuts = all(facts, RunEvent.RunResumed.class).size() + 1;
    int booked = books.lines().size();
    // A call is written down before it is made; one that a kill kept from being made stays.
    hold(
        booked >= facts.requests().size() && booked <= asked + (long) cuts * ground.jobs(),
        "I13: %d calls are counted; %d were made, %d begun, %d starts",
        booked,
        facts.requests().size(),
        asked,
        cuts);
    hold(
        books.lines().values().stream().allMatch(times -> times <= 2),
        "I13: a call is settled twice: %s",
        books.lines());
    books
        .commits()
        .forEach((task, count) -> hold(count == 1, "I14: %d commits of %s", count, task));
    Set<String> committed =
        all(facts, RunEvent.GitCommitted.class).stream()
            .map(event -> event.task().value())
            .collect(Collectors.toSet());
    hold(
        books.commits().keySet().containsAll(committed),
        "I14: the log says that %s are committed, git has %s",
        committed,
        books.commits().keySet());
    hold(
        all(facts, RunEvent.GitDeclined.class).isEmpty(),
        "I14: a commit was declined: %s",
        all(facts, RunEvent.GitDeclined.class));
  }

  /** After the run has come to its end. */
  void checkBooksClosed(Books books, boolean delivers) {
    hold(
        !delivers || books.commits().keySet().equals(Set.copyOf(ground.tasks())),
        "I14: committed are %s",
        books.commits().keySet());
    hold(
        !delivers || books.uncommitted().equals(ground.jobs() > 1 ? Books.OWN : List.of()),
        "I14: not as they were committed: %s",
        books.uncommitted());
  }

  /** After a kill. */
  void checkDead(Facts facts) {
    broken.addAll(facts.unreadable());
    checkState(facts);
    checkDoneStaysDone(facts);
    checkOrder(facts);
    checkHooks(facts);
    checkRequests(facts);
    checkFiles(facts);
    Map<Path, Long> perFolder =
        facts.leftOvers().stream()
            .filter(path -> !path.toString().contains("/.git/")) // Locks; gone in the end.
            .collect(
                Collectors.groupingBy(
                    path -> Objects.requireNonNull(path.getParent()), Collectors.counting()));
    perFolder.forEach(
        (folder, count) -> hold(count <= 1, "I11: %d files half written in %s", count, folder));
  }

  /** After the run has come to its end. */
  void checkFinished(Facts facts, int exit) {
    checkDead(facts);
    hold(exit == 0, "I5: the run ended with %d", exit);
    List<String> completed =
        all(facts, RunEvent.TaskCompleted.class).stream().map(e -> e.task().value()).toList();
    hold(
        completed.size() == ground.tasks().size()
            && Set.copyOf(completed).equals(Set.copyOf(ground.tasks())),
        "I5: completed are %s",
        completed);
    long failed = all(facts, RunEvent.AttemptFailed.class).size();
    hold(failed == 1, "I8: %d attempts failed, but one was bound to", failed);
    hold(
        !facts.events().isEmpty()
            && facts.events().getLast().event() instanceof RunEvent.RunCompleted,
        "I6: the log does not end with the end of the run");
    facts
        .state()
        .ifPresentOrElse(
            state -> {
              hold(
                  state.seq() == facts.events().size(),
                  "I3: the state is of event %d of %d",
                  state.seq(),
                  facts.events().size());
              checkUsage(facts, state);
            },
            () -> hold(false, "I1: no state file"));
    for (String task : ground.tasks()) {
      int attempt = task.equals(Ground.FLAWED) ? 2 : 1;
      hold(
          Ground.content(attempt).equals(facts.files().get(task)),
          "I10: the file of %s is not what the last edit made of it",
          task);
    }
    hold(
        all(facts, RunEvent.EditRefused.class).isEmpty(),
        "I10: an edit was made twice, and refused the second time");
    hold(facts.leftOvers().isEmpty(), "I11: left behind: %s", facts.leftOvers());
    hold(ground.processes().isEmpty(), "I11: still running: %s", ground.processes());
  }

  /** After it was started once more, which removes what a kill made the run leave over. */
  void checkTidy(Books books) {
    hold(books.worktrees().isEmpty(), "I11: worktrees are left: %s", books.worktrees());
  }

  /** After it was started once more. */
  void checkIdle(Facts before, Facts after, int exit) {
    hold(exit == 0, "I12: a start with nothing to do ended with %d", exit);
    hold(
        after.requests().size() == before.requests().size()
            && after.hooks().size() == before.hooks().size()
            && after.events().equals(before.events()),
        "I12: a start with nothing to do did something");
  }

  private void checkState(Facts facts) {
    facts
        .state()
        .ifPresent(state -> {
          hold(
              state.seq() <= facts.events().size(),
              "I3: the state knows of event %d, the log has %d",
              state.seq(),
              facts.events().size());
          try {
            hold(
                facts.replayed(state.run(), state.seq()).equals(state),
                "I3: the state is not what %d events add up to",
                state.seq());
          } catch (IllegalStateException e) {
            hold(false, "I3: the log makes no sense: %s", e.getMessage());
          }
        });
  }

  private void checkUsage(Facts facts, RunState state) {
    Usage told = Usage.NONE;
    for (Recorded recorded : facts.events()) {
      told =
          switch (recorded.event()) {
            case RunEvent.ModelReplied e -> told.plus(e.reply().usage());
            case RunEvent.ModelFailed e -> told.plus(e.usage());
            default -> told;
          };
    }
    hold(told.equals(state.usage()), "I9: usage is %s, the replies say %s", state.usage(), told);
  }

  private void checkDoneStaysDone(Facts facts) {
    Map<String, Long> work = new HashMap<>();
    facts.requests().forEach(asked -> work.merge(asked.task(), 1L, Long::sum));
    facts.hooks().forEach(line -> work.merge(line.split(" ", -1)[1], 1L, Long::sum));
    workWhenDone.forEach((task, then) ->
        hold(
            then.equals(work.get(task)),
            "I4: %s was done, and was worked on again: %d times, now %d",
            task,
            then,
            work.get(task)));
    all(facts, RunEvent.TaskCompleted.class)
        .forEach(done ->
            workWhenDone.put(done.task().value(), work.getOrDefault(done.task().value(), 0L)));
  }

  private void checkOrder(Facts facts) {
    Set<String> begun = new HashSet<>();
    Set<String> over = new TreeSet<>();
    Map<String, Integer> attempts = new HashMap<>();
    for (Recorded recorded : facts.events()) {
      if (!(recorded.event() instanceof RunEvent.OfTask event)) {
        continue;
      }
      String task = event.task().value();
      hold(!over.contains(task), "I6: event %d is of %s, which is over", recorded.seq(), task);
      switch (event) {
        case RunEvent.TaskStarted ignored -> {
          hold(begun.add(task), "I6: %s is taken up twice", task);
          needs(task)
              .forEach(needed -> hold(over.contains(needed), "I5: %s before %s", task, needed));
        }
        case RunEvent.TaskCompleted ignored -> over.add(task);
        case RunEvent.AttemptStarted e ->
            hold(
                e.attempt() == attempts.merge(task, 1, Integer::sum),
                "I6: attempt %d at %s is out of turn",
                e.attempt(),
                task);
        default -> {
          // Moves nothing forward that could move back.
        }
      }
    }
    facts
        .state()
        .ifPresent(state ->
            state.tasks().stream()
                .filter(task -> task.status() == TaskStatus.COMPLETED)
                .filter(task -> !over.contains(task.id().value()))
                .forEach(
                    task -> hold(false, "I3: only the state says that %s is done", task.id())));
  }

  private List<String> needs(String task) {
    int place = ground.tasks().indexOf(task);
    return place % 3 == 2 ? List.of(ground.tasks().get(place - 1)) : List.of();
  }

  /** How far something that is begun and ended has come, by what it is. */
  private static final class Tally {
    int begun;
    int ended;
    int cut;
    int seen;
  }

  private void checkHooks(Facts facts) {
    Map<String, Tally> hooks = new TreeMap<>();
    Map<TaskId, String> open = new HashMap<>();
    for (Recorded recorded : facts.events()) {
      switch (recorded.event()) {
        case RunEvent.HookStarted e -> {
          String name = name(e.stage(), e.task().value(), e.attempt());
          open.put(e.task(), name);
          tally(hooks, name).begun++;
        }
        case RunEvent.HookEnded e -> {
          Tally tally = tally(hooks, name(e.stage(), e.task().value(), e.attempt()));
          if (e.result().end() instanceof HookResult.Interrupted) {
            tally.cut++;
          } else {
            tally.ended++;
          }
        }
        case RunEvent.StepInterrupted e when e.step().contains("-hook ") ->
            tally(hooks, open.getOrDefault(e.task(), "")).cut++;
        default -> {
          // No hook.
        }
      }
    }
    facts
        .hooks()
        .forEach(line -> {
          String[] words = line.split(" ", -1);
          tally(hooks, String.join(" ", words[0], words[1], words[2])).seen++;
        });
    checkTallies("I7: hook", hooks);
  }

  private static String name(HookStage stage, String task, int attempt) {
    return (stage == HookStage.PRE ? "before " : "after ") + task + " " + attempt;
  }

  private void checkRequests(Facts facts) {
    Map<String, Tally> requests = new TreeMap<>();
    Map<TaskId, String> open = new HashMap<>();
    for (Recorded recorded : facts.events()) {
      switch (recorded.event()) {
        case RunEvent.ModelAsked e -> {
          String name = "%s %d %d".formatted(e.task(), e.attempt(), e.turn());
          open.put(e.task(), name);
          tally(requests, name).begun++;
        }
        case RunEvent.ModelReplied e ->
            tally(requests, "%s %d %d".formatted(e.task(), e.attempt(), e.turn())).ended++;
        case RunEvent.ModelFailed e ->
            tally(requests, "%s %d %d".formatted(e.task(), e.attempt(), e.turn())).ended++;
        case RunEvent.StepInterrupted e when e.step().startsWith("question ") ->
            tally(requests, open.getOrDefault(e.task(), "")).cut++;
        default -> {
          // No question.
        }
      }
    }
    facts
        .requests()
        .forEach(asked ->
            tally(requests, "%s %d %d".formatted(asked.task(), asked.attempt(), asked.turn()))
                .seen++);
    checkTallies("I9: question", requests);
  }

  private static Tally tally(Map<String, Tally> tallies, String name) {
    return tallies.computeIfAbsent(name, ignored -> new Tally());
  }

  private void checkTallies(String what, Map<String, Tally> tallies) {
    int open = 0;
    for (Map.Entry<String, Tally> entry : tallies.entrySet()) {
      Tally tally = entry.getValue();
      hold(
          tally.ended <= tally.seen && tally.seen <= tally.begun,
          "%s %s: begun %d times, ended %d times, really %d times",
          what,
          entry.getKey(),
          tally.begun,
          tally.ended,
          tally.seen);
      hold(
          tally.ended + tally.cut <= tally.begun,
          "%s %s: begun %d times, ended %d times, marked as cut off %d times",
          what,
          entry.getKey(),
          tally.begun,
          tally.ended,
          tally.cut);
      open += tally.begun - tally.ended - tally.cut;
    }
    hold(open <= ground.jobs(), "%s: %d are open at once", what, open);
  }

  private void checkFiles(Facts facts) {
    facts
        .files()
        .forEach((task, content) -> {
          boolean whole = false;
          for (int attempt = 0; attempt <= 2; attempt++) {
            whole |= Ground.content(attempt).equals(content);
          }
          hold(whole, "I10: the file of %s is neither old nor new", task);
        });
  }

  private static <T extends RunEvent> List<T> all(Facts facts, Class<T> type) {
    return facts.events().stream()
        .map(Recorded::event)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }
}
