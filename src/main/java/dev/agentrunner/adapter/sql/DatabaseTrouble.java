package dev.agentrunner.adapter.sql;

import dev.agentrunner.port.EnvironmentException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** Tells trouble of a database from faults of ours. */
final class DatabaseTrouble {

  private static final String UNIQUE = "23505";
  private static final String NOT_ALLOWED = "42501";

  /** Two transactions got into each other's way: one of them has to begin again. */
  private static final Set<String> IN_THE_WAY = Set.of("40001", "40P01");

  private DatabaseTrouble() {}

  /** What {@code e} is about, to be thrown: itself, if the database has no part in it. */
  static RuntimeException of(RuntimeException e, Address address) {
    return sql(e).map(cause -> of(cause, address)).orElse(e);
  }

  static RuntimeException of(SQLException e, Address address) {
    String state = String.valueOf(e.getSQLState());
    if ((state.startsWith("42") && !state.equals(NOT_ALLOWED)) || state.startsWith("22")) {
      return new IllegalStateException("a statement is at fault: " + e.getMessage(), e);
    }
    return new EnvironmentException(
        "The database %s cannot be used: %s. The next call tries again."
            .formatted(address.shown(), firstLine(e)),
        e);
  }

  static boolean isInTheWay(RuntimeException e) {
    return sql(e).filter(cause -> IN_THE_WAY.contains(cause.getSQLState())).isPresent();
  }

  /** The connection is gone, and perhaps all others with it. */
  static boolean isCut(RuntimeException e) {
    return sql(e)
        .map(cause -> String.valueOf(cause.getSQLState()))
        .filter(state -> state.startsWith("08") || state.startsWith("57P"))
        .isPresent();
  }

  static boolean isTaken(RuntimeException e) {
    return sql(e).filter(cause -> UNIQUE.equals(cause.getSQLState())).isPresent();
  }

  private static Optional<SQLException> sql(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return Optional.of(sql);
      }
    }
    return Optional.empty();
  }

  private static String firstLine(SQLException e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }
}
