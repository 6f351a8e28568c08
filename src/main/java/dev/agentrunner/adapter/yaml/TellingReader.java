package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.core.task.Telling;
import dev.agentrunner.core.task.Telling.ReportFile;
import dev.agentrunner.core.task.Telling.ReportFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Makes of a tree whom to tell, and finds what is wrong there beyond the shape of each value. */
final class TellingReader {

  private TellingReader() {}

  static void check(Mapping tree, Faults faults) {
    groups(new Values(tree), "report")
        .filter(report -> report.text("file").isEmpty())
        .forEach(report ->
            report
                .scalar("format")
                .filter(format -> !format.text().equals("github"))
                .ifPresent(format ->
                    faults.add(
                        format.at(),
                        "a report without a file",
                        "add 'file: …', from the project's folder")));
  }

  static Telling read(Values root) {
    return new Telling(reports(root));
  }

  private static List<ReportFile> reports(Values root) {
    return groups(root, "report")
        .map(report ->
            new ReportFile(
                ReportFormat.valueOf(report.text("format").orElseThrow().toUpperCase(Locale.ROOT)),
                report.text("file")))
        .toList();
  }

  private static Stream<Values> groups(Values root, String key) {
    return root.mapping().get(key).stream()
        .flatMap(node -> node instanceof Node.Sequence list ? list.items().stream() : Stream.of())
        .filter(Mapping.class::isInstance)
        .map(item -> new Values((Mapping) item));
  }
}
