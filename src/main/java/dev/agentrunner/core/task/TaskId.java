package dev.agentrunner.core.task;

import java.util.regex.Pattern;

/**
 * Names one task within its list, and the folder its logs are kept in.
 *
 * @param value 1 to 64 of {@code A-Z a-z 0-9 . _ -}, and neither {@code .} nor {@code ..}
 */
public record TaskId(String value) implements Comparable<TaskId> {

  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  public TaskId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a task id: " + value);
    }
  }

  public static boolean isValid(String value) {
    return SHAPE.matcher(value).matches() && !value.equals(".") && !value.equals("..");
  }

  @Override
  public int compareTo(TaskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
