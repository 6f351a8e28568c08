package dev.agentrunner.core.run;

import java.util.regex.Pattern;

/**
 * Names a run and its folder. Ids of later runs sort after those of earlier ones.
 *
 * @param value such as {@code 20261121-101530-7f3a}
 */
public record RunId(String value) implements Comparable<RunId> {

  private static final Pattern SHAPE = Pattern.compile("[0-9A-Za-z][0-9A-Za-z-]{0,63}");

  public RunId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a run id: " + value);
    }
  }

  public static boolean isValid(String value) {
    return SHAPE.matcher(value).matches();
  }

  @Override
  public int compareTo(RunId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
