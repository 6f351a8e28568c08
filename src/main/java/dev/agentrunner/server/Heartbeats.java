package dev.agentrunner.server;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Says again and again, while a model has been asked and has not answered yet, that this is so: a
 * long answer is not taken for a hang.
 */
final class Heartbeats implements AutoCloseable {

  private final Map<Question, Long> open = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("heartbeats").daemon().factory());

  /** One task has one question at most. */
  private record Question(RunId run, TaskId task) {}

  /** Is told of a question that is open. */
  interface Listener {
    void beat(RunId run, String text);
  }

  Heartbeats(Duration pace, Listener listener) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> beat(listener), pace.toMillis(), pace.toMillis(), TimeUnit.MILLISECONDS);
  }

  void appended(RunId run, List<Recorded> events) {
    for (Recorded recorded : events) {
      switch (recorded.event()) {
        case RunEvent.ModelAsked asked ->
            open.put(new Question(run, asked.task()), System.nanoTime());
        case RunEvent.ModelReplied replied -> open.remove(new Question(run, replied.task()));
        case RunEvent.ModelFailed failed -> open.remove(new Question(run, failed.task()));
        case RunEvent.StepInterrupted cut -> open.remove(new Question(run, cut.task()));
        case RunEvent.RunPaused _,
            RunEvent.RunResumed _,
            RunEvent.RunCanceled _,
            RunEvent.RunFailed _,
            RunEvent.RunCompleted _ ->
            open.keySet().removeIf(question -> question.run().equals(run));
        default -> {
          // Nothing was asked or answered.
        }
      }
    }
  }

  private void beat(Listener listener) {
    long now = System.nanoTime();
    open.forEach((question, since) ->
        listener.beat(
            question.run(),
            "%s: %d s".formatted(question.task(), TimeUnit.NANOSECONDS.toSeconds(now - since))));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
