package dev.agentrunner.adapter.yaml;

import java.util.List;

/** Faults as tests like to see them: {@code file:line:column: message}. */
final class Reports {

  private Reports() {}

  static List<String> messages(Loaded<?> loaded) {
    return switch (loaded) {
      case Loaded.Good<?> _ -> List.of();
      case Loaded.Bad<?> bad -> bad.faults().stream().map(Reports::message).toList();
    };
  }

  static List<String> warnings(Loaded<?> loaded) {
    return loaded.warnings().stream().map(Reports::message).toList();
  }

  private static String message(Fault fault) {
    String report = FaultReport.of(List.of(fault));
    return report.substring(0, report.indexOf('\n'));
  }
}
