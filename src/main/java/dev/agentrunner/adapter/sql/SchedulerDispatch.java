package dev.agentrunner.adapter.sql;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.SqliteJdbcCustomization;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.Dispatch;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.RunStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Due times are db-scheduler's. What could be claimed besides is asked of the store, by each
 * process for itself: a recurring task of the scheduler would reach one process a time, which may
 * have its hands full.
 */
final class SchedulerDispatch implements Dispatch {

  private static final Logger LOG = LoggerFactory.getLogger(SchedulerDispatch.class);

  /** A lease of 4 s and this make less than 5 s from the death of a worker to the takeover. */
  private static final Duration SWEEP_PAUSE = Duration.ofMillis(500);

  /** More than a process takes on within a pause. */
  private static final int SWEEP_MAX = 256;

  private static final Duration POLL_PAUSE = Duration.ofMillis(500);
  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final int BEATS_MISSED_MAX = 4;
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(2);

  private final Address address;
  private final RunStore store;
  private final Scheduler scheduler;
  private final OneTimeTask<Void> due;
  private final AtomicReference<Handler> handler = new AtomicReference<>(run -> {});
  private final ScheduledExecutorService thread =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofPlatform().daemon().name("dispatch").factory(),
          // Nobody is there any more to be told.
          new ThreadPoolExecutor.DiscardPolicy());

  /**
   * @param name of this process, unlike any other
   */
  SchedulerDispatch(Address address, DataSource source, RunStore store, String name) {
    this.address = address;
    this.store = store;
    this.due =
        Tasks.oneTime("run-due").execute((instance, context) -> wake(new RunId(instance.getId())));
    this.scheduler = scheduler(address, source, name, due);
  }

  private static Scheduler scheduler(
      Address address, DataSource source, String name, OneTimeTask<Void> due) {
    SchedulerBuilder builder =
        Scheduler.create(source, due)
            .schedulerName(new SchedulerName.Fixed(name))
            .threads(2)
            .pollingInterval(POLL_PAUSE)
            .heartbeatInterval(BEAT)
            .missedHeartbeatsLimit(BEATS_MISSED_MAX)
            .shutdownMaxWait(CLOSED_WITHIN)
            .serializer(new NoData());
    return switch (address) {
      case Address.Sqlite _ ->
          builder.jdbcCustomization(new SqliteJdbcCustomization()).pollUsingFetch(0.5, 1).build();
      case Address.Postgresql _ ->
          builder
              .jdbcCustomization(new PostgreSqlJdbcCustomization(false, true))
              .pollUsingLockAndFetch(0.5, 1)
              .build();
    };
  }

  /** All there is to know of a due time is the name of its run. */
  private static final class NoData implements Serializer {

    @Override
    public byte[] serialize(@Nullable Object data) {
      return new byte[0];
    }

    @Override
    public <T> @Nullable T deserialize(Class<T> type, byte[] data) {
      return null;
    }
  }

  @Override
  public void start(Handler offered) {
    handler.set(offered);
    scheduler.start();
    var _ =
        thread.scheduleWithFixedDelay(
            this::sweep, 0, SWEEP_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    try {
      store.claimable(SWEEP_MAX).forEach(this::offer);
    } catch (EnvironmentException e) {
      LOG.warn("{}", e.getMessage());
    } catch (RuntimeException e) {
      // It must be looked again, whatever it was.
      LOG.error("Runs that could be claimed could not be looked for", e);
    }
  }

  private void offer(RunId run) {
    try {
      handler.get().offer(run);
    } catch (RuntimeException e) {
      LOG.warn("{} was offered in vain", run, e);
    }
  }

  @Override
  public void wake(RunId run) {
    thread.execute(() -> offer(run));
  }

  @Override
  public void at(RunId run, Instant time) {
    try {
      scheduler.schedule(due.instance(run.value()), time, ScheduleOptions.WHEN_EXISTS_RESCHEDULE);
    } catch (RuntimeException e) {
      throw DatabaseTrouble.of(e, address);
    }
  }

  @Override
  public void close() {
    scheduler.stop();
    thread.shutdownNow();
  }
}
