package dev.agentrunner.port;

import dev.agentrunner.core.task.TaskId;

/**
 * The plain log files of a run, one folder a task, for people to read. Losing them loses nothing
 * else.
 */
public interface RunLogs {

  /**
   * Opens {@code name} (such as {@code pre.log}) of {@code task} for adding to. Never throws: where
   * a log cannot be written, what is added goes nowhere.
   */
  Log open(TaskId task, String name);

  /** One log file. */
  interface Log extends AutoCloseable {

    /** Adds raw bytes, as they are. */
    void add(byte[] bytes);

    @Override
    void close();
  }
}
