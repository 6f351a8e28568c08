package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Origin.InFile;
import java.util.Comparator;
import java.util.List;

/**
 * Faults as text for a terminal, without colours:
 *
 * <pre>
 * tasks.yml:14:5: unknown key 'desciption'
 *   14 |     desciption: Create the layout
 *      |     ^^^^^^^^^^ did you mean 'description'?
 * </pre>
 */
public final class FaultReport {

  private static final int SHOWN_MAX = 50;

  private FaultReport() {}

  /** All of them, but not more than can be read: past 50 they are counted. */
  public static String of(List<Fault> faults) {
    StringBuilder report = new StringBuilder();
    faults.stream().limit(SHOWN_MAX).forEach(fault -> append(report, "", fault));
    if (faults.size() > SHOWN_MAX) {
      String more = faults.size() < Faults.MAX ? "and %d more" : "and at least %d more";
      report.append(more.formatted(faults.size() - SHOWN_MAX));
    }
    return report.toString().stripTrailing();
  }

  /** One warning, with its place and cure. */
  public static String warning(Fault warning) {
    StringBuilder report = new StringBuilder();
    append(report, "warning: ", warning);
    return report.toString().stripTrailing();
  }

  /** By line and column within each file; files, variables and flags as they were met. */
  static List<Fault> inOrder(List<Fault> faults) {
    List<String> files = faults.stream().map(FaultReport::file).distinct().toList();
    return faults.stream()
        .sorted(
            Comparator.<Fault>comparingInt(fault -> files.indexOf(file(fault)))
                .thenComparingInt(fault -> fault.at() instanceof InFile at ? at.line() : 0)
                .thenComparingInt(fault -> fault.at() instanceof InFile at ? at.column() : 0))
        .toList();
  }

  private static String file(Fault fault) {
    return switch (fault.at()) {
      case InFile at -> at.file();
      case Origin.WholeFile at -> at.file();
      case Origin.Variable _, Origin.Option _, Origin.Default _ -> "";
    };
  }

  private static void append(StringBuilder report, String prefix, Fault fault) {
    switch (fault.at()) {
      case InFile at -> {
        report.append(
            "%s:%d:%d: %s%s\n"
                .formatted(
                    Printable.of(at.file()), at.line(), at.column(), prefix, fault.message()));
        appendExcerpt(report, at, fault.cure());
      }
      case Origin.WholeFile _, Origin.Variable _, Origin.Option _, Origin.Default _ ->
          report.append(
              "%s: %s%s\n     | %s\n"
                  .formatted(fault.at().shown(), prefix, fault.message(), fault.cure()));
    }
  }

  private static void appendExcerpt(StringBuilder report, InFile at, String cure) {
    Excerpt excerpt = Excerpt.around(at);
    String number = "%2d".formatted(at.line());
    report.append("  %s | %s\n".formatted(number, excerpt.text()));
    report.append(
        "  %s | %s%s %s\n"
            .formatted(
                " ".repeat(number.length()),
                " ".repeat(excerpt.before()),
                "^".repeat(excerpt.under()),
                cure));
  }
}
