package dev.agentrunner.cli;

import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.report.RunReport;
import dev.agentrunner.core.report.Standing;
import dev.agentrunner.core.report.TaskReport;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A run as JUnit XML, for programs that show test results. It is what the schemas of Ant and of
 * Jenkins both take, the strictest there are:
 *
 * <pre>
 * &lt;testsuites>
 *   &lt;testsuite id="0" name="tasks.yml" package="agent-runner" timestamp="…" hostname="localhost"
 *              tests="4" failures="1" errors="0" skipped="1" time="12.345">
 *     &lt;properties>                      of the run, and of each task behind its id
 *       &lt;property name="tokens" value="12345"/>
 *       &lt;property name="T1.attempts" value="2"/>
 *     &lt;/properties>
 *     &lt;testcase name="T1: Title" classname="tasks.yml" time="3.210">
 *       &lt;failure type="failed" message="…">the end of what the hook printed&lt;/failure>
 *     &lt;/testcase>
 *     &lt;system-out>…&lt;/system-out>          why the run is where it is
 *     &lt;system-err>…&lt;/system-err>          warnings
 *   &lt;/testsuite>
 * &lt;/testsuites>
 * </pre>
 *
 * A task that is done passes, one that was given up is a failure, one that was begun and is not
 * over an error, and any other is skipped. The same log gives the same text.
 */
final class JunitReport {

  private static final int TAIL_LINES = 100;
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

  private final RunReport report;
  private final RunState state;
  private final Standing standing;
  private final StringBuilder xml = new StringBuilder();

  private JunitReport(RunReport report, Standing standing) {
    this.report = report;
    this.state = report.state();
    this.standing = standing;
  }

  static String of(RunReport report, Standing standing) {
    return new JunitReport(report, standing).write();
  }

  private String write() {
    xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite id=\"0\"");
    attribute("name", list());
    attribute("package", "agent-runner");
    attribute("timestamp", timestamp());
    attribute("hostname", "localhost");
    attribute("tests", state.tasks().size());
    attribute("failures", count(TaskStatus.FAILED));
    attribute("errors", count(TaskStatus.RUNNING));
    attribute(
        "skipped",
        count(TaskStatus.SKIPPED) + count(TaskStatus.BLOCKED) + count(TaskStatus.PENDING));
    attribute("time", seconds(report.atWork()));
    xml.append(">\n    <properties>\n");
    properties();
    xml.append("    </properties>\n");
    report.tasks().forEach(this::testcase);
    element("system-out", String.join("\n", reason()));
    element("system-err", String.join("\n", report.warnings()));
    return xml.append("  </testsuite>\n</testsuites>\n").toString();
  }

  private String list() {
    return state.started().map(RunState.Start::list).orElse("tasks");
  }

  private String timestamp() {
    Instant at = state.started().map(RunState.Start::at).orElse(state.at());
    return TIMESTAMP.format(at.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
  }

  private long count(TaskStatus status) {
    return state.tasks().stream().filter(task -> task.status() == status).count();
  }

  private List<String> reason() {
    return new StopReason(state.at(), Instant::toString).of(standing, state);
  }

  // Properties

  private void properties() {
    property("run", state.run().value());
    state.started().ifPresent(start -> property("version", start.version()));
    property("status", word(state.status()));
    property("resumed", String.valueOf(report.stops()));
    usage("", state.usage());
    for (TaskReport task : report.tasks()) {
      String prefix = task.state().id() + ".";
      property(prefix + "status", Words.status(task.state()));
      property(prefix + "attempts", String.valueOf(task.state().attempts()));
      usage(prefix, task.state().usage());
    }
  }

  private void usage(String prefix, Usage usage) {
    property(prefix + "tokens", String.valueOf(usage.totalTokens()));
    property(prefix + "cost_usd", dollars(usage.cost()));
  }

  /** What is not known is never told as nothing. */
  private static String dollars(Cost cost) {
    if (!cost.complete() && cost.micros() == 0) {
      return "unknown";
    }
    String figure = BigDecimal.valueOf(cost.micros(), 6).toPlainString();
    return cost.complete() ? figure : "at least " + figure;
  }

  private void property(String name, String value) {
    xml.append("      <property");
    attribute("name", name);
    attribute("value", value);
    xml.append("/>\n");
  }

  // Tasks

  private void testcase(TaskReport task) {
    TaskState at = task.state();
    xml.append("    <testcase");
    attribute("name", at.id() + ": " + at.planned().title());
    attribute("classname", list());
    attribute("time", seconds(Words.took(at, state.at())));
    switch (at.status()) {
      case COMPLETED -> xml.append("/>\n");
      case FAILED -> ending("failure", task, firstLine(at.remark()));
      case RUNNING -> ending("error", task, "not over: " + firstLine(String.join(" ", reason())));
      case SKIPPED, BLOCKED, PENDING -> {
        xml.append(">\n      <skipped");
        attribute(
            "message", at.status() == TaskStatus.PENDING ? "not begun" : firstLine(at.remark()));
        xml.append("/>\n    </testcase>\n");
      }
    }
  }

  private void ending(String name, TaskReport task, String message) {
    xml.append(">\n      <").append(name);
    attribute("type", word(task.state().status()));
    attribute("message", message);
    xml.append('>').append(escaped(detail(task))).append("</").append(name);
    xml.append(">\n    </testcase>\n");
  }

  private static String detail(TaskReport task) {
    return task.lastFailure()
        .map(run ->
            "%s-hook %s in attempt %d: %s\n%s"
                .formatted(
                    word(run.stage()),
                    run.hook(),
                    run.attempt(),
                    run.result().verdict(),
                    String.join(
                        "\n", ExplanationText.lastLines(run.result().output(), TAIL_LINES))))
        .orElse(task.state().remark());
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String seconds(Duration took) {
    return BigDecimal.valueOf(Math.max(0, took.toMillis()), 3).toPlainString();
  }

  // XML

  private void element(String name, String text) {
    xml.append("    <%s>".formatted(name)).append(escaped(text)).append("</%s>%n".formatted(name));
  }

  private void attribute(String name, long value) {
    attribute(name, String.valueOf(value));
  }

  private void attribute(String name, String value) {
    xml.append(' ')
        .append(name)
        .append("=\"")
        .append(escaped(value).replace("\n", "&#10;").replace("\t", "&#9;"))
        .append('"');
  }

  /**
   * Without the characters that no XML can hold, and with those that mean something spelled out.
   */
  private static String escaped(String text) {
    return text.codePoints()
        .filter(JunitReport::isAllowed)
        .mapToObj(c ->
            switch (c) {
              case '&' -> "&amp;";
              case '<' -> "&lt;";
              case '>' -> "&gt;";
              case '"' -> "&quot;";
              case '\r' -> "&#13;";
              default -> Character.toString(c);
            })
        .collect(Collectors.joining());
  }

  private static boolean isAllowed(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c < 0x7f)
        || (c >= 0xa0 && c <= 0xd7ff)
        || (c >= 0xe000 && c <= 0xfffd)
        || c >= 0x10000;
  }
}
