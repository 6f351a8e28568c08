package dev.agentrunner.cli;

import dev.agentrunner.core.report.Question;
import dev.agentrunner.core.report.RunReport;
import dev.agentrunner.core.report.Standing;
import dev.agentrunner.core.report.TaskReport;
import dev.agentrunner.core.report.TaskReport.HookRun;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A run for whoever comes in the morning: what is done, what is not and why, what it rests on, what
 * it cost. Times are in UTC. The same log gives the same text.
 */
final class MarkdownReport {

  private static final int TAIL_LINES = 30;
  private static final int FILES_MAX = 50;

  private final RunReport report;
  private final RunState state;
  private final Standing standing;
  private final StringBuilder text = new StringBuilder();

  private MarkdownReport(RunReport report, Standing standing) {
    this.report = report;
    this.state = report.state();
    this.standing = standing;
  }

  static String of(RunReport report, Standing standing) {
    return new MarkdownReport(report, standing).write();
  }

  private String write() {
    line(
        "# %s: %s"
            .formatted(
                MarkdownText.inline(
                    state.started().map(RunState.Start::list).orElse("agent-runner")),
                Words.tally(state)));
    line("");
    for (String reason : new StopReason(state.at(), MarkdownReport::moment).of(standing, state)) {
      reason.lines().forEach(sentence -> line(MarkdownText.inline(sentence.strip()) + "  "));
    }
    line("");
    figures();
    question();
    tasks();
    failures();
    evidence();
    changes();
    warnings();
    return text.toString();
  }

  private void line(String written) {
    text.append(written).append('\n');
  }

  private void heading(String words) {
    line("");
    line("## " + words);
    line("");
  }

  private static String moment(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
  }

  private void figures() {
    line("- Run `%s`, %s".formatted(state.run(), status()));
    state
        .started()
        .ifPresent(
            start -> line("- From %s to %s".formatted(moment(start.at()), moment(state.at()))));
    line(
        "- At work for %s; stood still for %s, resumed %s"
            .formatted(
                Words.duration(report.atWork()),
                Words.duration(report.stoodStill()),
                Words.count(report.stops(), "time")));
    line("- Spent: " + Words.spent(state.usage()));
    report
        .providers()
        .forEach((name, usage) ->
            line("  - %s: %s".formatted(MarkdownText.inline(name), Words.spent(usage))));
  }

  private String status() {
    String status = state.status().name().toLowerCase(Locale.ROOT);
    return switch (standing) {
      case Standing.Over _ -> status;
      case Standing.Paused _ -> state.phase().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      case Standing.GoingOn _ -> "going on";
      case Standing.CutOff _ -> "cut off";
    };
  }

  private void question() {
    Optional<Question> question =
        standing instanceof Standing.Over ? Optional.empty() : Question.of(state);
    question.ifPresent(asked -> {
      heading("A person must decide");
      line("%s:".formatted(MarkdownText.inline(asked.task().value())));
      line("");
      text.append(MarkdownText.block(asked.summary()));
    });
  }

  private void tasks() {
    heading("Tasks");
    line("| task | | result | attempts | tokens | cost | time |");
    line("| --- | --- | --- | ---: | ---: | ---: | ---: |");
    for (TaskState task : state.tasks()) {
      line(
          "| %s | %s | %s | %d | %s | %s | %s |"
              .formatted(
                  MarkdownText.inline(task.id().value()),
                  MarkdownText.inline(task.planned().title()),
                  result(task),
                  task.attempts(),
                  Words.tokens(task.usage().totalTokens()),
                  task.attempts() == 0 ? "" : Words.money(task.usage().cost()),
                  task.work().started().isEmpty()
                      ? ""
                      : Words.duration(Words.took(task, state.at()))));
    }
  }

  private static String result(TaskState task) {
    return task.planned()
        .doneIn()
        .map(run -> "done in `%s`".formatted(run))
        .orElseGet(() -> Words.status(task));
  }

  private void failures() {
    List<TaskReport> left =
        report.tasks().stream()
            .filter(task ->
                switch (task.state().status()) {
                  case FAILED, SKIPPED, BLOCKED -> true;
                  case RUNNING -> task.lastFailure().isPresent();
                  case COMPLETED, PENDING -> false;
                })
            .toList();
    if (left.isEmpty()) {
      return;
    }
    heading("Not done");
    for (TaskReport task : left) {
      line("### " + MarkdownText.inline(task.state().id() + ": " + task.state().planned().title()));
      line("");
      task.state()
          .remark()
          .lines()
          .findFirst()
          .ifPresent(remark -> line(MarkdownText.inline(remark)));
      task.attempts()
          .forEach(attempt ->
              attempt
                  .failure()
                  .ifPresent(why ->
                      line(
                          "- attempt %d, %s: %s"
                              .formatted(
                                  attempt.number(),
                                  MarkdownText.inline(attempt.provider()),
                                  MarkdownText.inline(why.lines().findFirst().orElse(""))))));
      task.lastFailure().ifPresent(this::tail);
      line("");
    }
  }

  private void tail(HookRun run) {
    line("");
    line(
        "%s-hook %s in attempt %d: %s; the end of its output:"
            .formatted(
                run.stage().name().toLowerCase(Locale.ROOT),
                MarkdownText.inline(run.hook().value()),
                run.attempt(),
                MarkdownText.inline(run.result().verdict())));
    line("");
    text.append(
        MarkdownText.block(
            String.join("\n", ExplanationText.lastLines(run.result().output(), TAIL_LINES))));
  }

  /** What the word "done" rests on. */
  private void evidence() {
    List<TaskReport> verified =
        report.tasks().stream()
            .filter(task -> task.state().status() == TaskStatus.COMPLETED)
            .filter(task -> !task.hooks().isEmpty())
            .toList();
    if (verified.isEmpty()) {
      return;
    }
    heading("What done rests on");
    line("| task | hook | | attempt | time | output |");
    line("| --- | --- | --- | ---: | ---: | --- |");
    for (TaskReport task : verified) {
      for (HookRun run : task.hooks()) {
        line(
            "| %s | %s-hook %s | %s | %d | %s | %d bytes, `%.12s` |"
                .formatted(
                    MarkdownText.inline(task.state().id().value()),
                    run.stage().name().toLowerCase(Locale.ROOT),
                    MarkdownText.inline(run.hook().value()),
                    MarkdownText.inline(run.result().verdict()),
                    run.attempt(),
                    Words.duration(run.result().took()),
                    run.result().outputBytes(),
                    run.result().outputDigest()));
      }
    }
  }

  private void changes() {
    List<String> lines = new ArrayList<>();
    for (TaskReport task : report.tasks()) {
      String id = MarkdownText.inline(task.state().id().value());
      if (!task.edited().isEmpty()) {
        lines.add("- %s: the agent's tools changed %s".formatted(id, files(task.edited())));
      }
      if (task.state().checkpoints().restored()) {
        lines.add("- %s: its changes were taken back".formatted(id));
      }
      task.git()
          .commits()
          .forEach(commit ->
              lines.add(
                  "- %s: committed `%.12s` on %s"
                      .formatted(id, commit.commit(), MarkdownText.inline(commit.branch()))));
      task.git()
          .pushes()
          .forEach(push ->
              lines.add(
                  "- %s: pushed %s to %s"
                      .formatted(
                          id,
                          MarkdownText.inline(push.branch()),
                          MarkdownText.inline(push.remote()))));
      task.git()
          .declined()
          .forEach(no ->
              lines.add(
                  "- %s: no %s: %s"
                      .formatted(
                          id,
                          no.step().name().toLowerCase(Locale.ROOT),
                          MarkdownText.inline(no.reason()))));
    }
    if (!lines.isEmpty()) {
      heading("Changes");
      lines.forEach(this::line);
    }
  }

  private static String files(List<String> files) {
    String named =
        files.stream()
            .limit(FILES_MAX)
            .map(MarkdownText::inline)
            .reduce((a, b) -> a + ", " + b)
            .orElse("");
    return files.size() > FILES_MAX
        ? "%s, and %d more".formatted(named, files.size() - FILES_MAX)
        : named;
  }

  private void warnings() {
    if (report.warnings().isEmpty()) {
      return;
    }
    heading("Warnings");
    report
        .warnings()
        .forEach(warning -> line("- " + MarkdownText.inline(warning.replace('\n', ' '))));
  }
}
