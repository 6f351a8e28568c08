package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.core.task.Telling;
import dev.agentrunner.core.task.Telling.Notification;
import dev.agentrunner.core.task.Telling.Occasion;
import dev.agentrunner.core.task.Telling.ReportFile;
import dev.agentrunner.core.task.Telling.ReportFormat;
import dev.agentrunner.core.task.Telling.Webhook;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
    groups(new Values(tree), "notify").forEach(one -> check(one, faults));
  }

  private static void check(Values one, Faults faults) {
    boolean reachesNobody =
        one.mapping().get("command").isEmpty()
            && one.text("webhook").isEmpty()
            && !one.text("desktop").equals(Optional.of("true"));
    if (reachesNobody) {
      faults.add(
          one.mapping().at(),
          "this notification reaches nobody",
          "add 'command: …', 'webhook: …' or 'desktop: true'");
    }
    one.scalar("secret_env")
        .filter(_ -> one.text("webhook").isEmpty())
        .ifPresent(secret ->
            faults.add(secret.at(), "a secret without a webhook to sign for", "add 'webhook: …'"));
  }

  static Telling read(Values root) {
    return new Telling(
        reports(root), groups(root, "notify").map(TellingReader::notification).toList());
  }

  private static Notification notification(Values one) {
    Set<Occasion> on =
        one.texts("on").stream()
            .map(word -> Occasion.valueOf(word.toUpperCase(Locale.ROOT)))
            .collect(Collectors.toSet());
    return new Notification(
        on.isEmpty() ? EnumSet.allOf(Occasion.class) : on,
        one.mapping().get("command").map(_ -> HookReader.command(one)),
        one.text("desktop").equals(Optional.of("true")),
        one.text("webhook")
            .map(address ->
                new Webhook(
                    address.startsWith("env:")
                        ? new KeySource.Variable(address.substring(4))
                        : new KeySource.Plain(address),
                    one.text("secret_env"))));
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
