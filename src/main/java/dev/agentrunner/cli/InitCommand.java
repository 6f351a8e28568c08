package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.core.task.FirstSteps;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.UsageException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code init}. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Write a configuration and a first task list for this project.",
      "",
      "Looks what kind of project it is, how it is tested and which provider has a key, and asks three questions: who works, what tests the project, and whether tasks are done only when that passes. With --yes, or without a terminal, takes what it found. Files that are there are left as they are."
    },
    sortOptions = false)
final class InitCommand implements Callable<Integer> {

  private static final String LIST = "tasks.yml";

  private final Tools tools;

  @Option(
      names = {"-y", "--yes"},
      description = "Ask nothing.")
  private boolean yes;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "Who works on tasks, such as claude, openai or claude-code.")
  private @Nullable String provider;

  @Option(
      names = "--tests",
      paramLabel = "COMMAND",
      description = "What tests the project, as a line for the shell.")
  private @Nullable String tests;

  @Mixin private Place place = new Place();

  InitCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    Workbench workbench = tools.workbench();
    String folder = workbench.folder(place.directory().orElse("."));
    FirstSteps found = workbench.look(folder);
    FirstSteps wanted = wanted(found);
    if (wanted.provider().isBlank()) {
      throw new UsageException(
          "a provider is needed; name one with --provider, such as --provider claude");
    }
    PrintStream out = tools.screen().out();
    wanted.kind().ifPresent(kind -> out.printf("%-9s%s%n", "found", kind));
    wanted.tests().ifPresent(line -> out.printf("%-9s%s%n", "tests", line));
    for (Workbench.NewFile file :
        List.of(
            new Workbench.NewFile(".agent-runner/config.yml", wanted.configuration()),
            new Workbench.NewFile(LIST, wanted.list()))) {
      boolean written = workbench.write(folder, file);
      out.printf("%-9s%s%n", written ? "wrote" : "kept", file.path());
    }
    out.println();
    out.println("Next: write what is to be done into " + LIST + ", then:");
    wanted
        .keyVariable()
        .filter(variable -> workbench.variable(variable).isEmpty())
        .ifPresent(variable ->
            out.printf("  export %s=...   # the key of %s%n", variable, wanted.provider()));
    String there = place.directory().map(dir -> " -C " + dir).orElse("");
    out.printf("  agent-runner providers check%s%n", there);
    out.printf("  agent-runner run%s --dry-run%n", there);
    out.printf("  agent-runner run%s%n", there);
    return ExitCode.DONE.number();
  }

  private FirstSteps wanted(FirstSteps found) {
    Optional<String> command = Optional.ofNullable(tests).or(found::tests);
    String who = provider == null ? found.provider() : provider;
    if (yes || !tools.screen().attended()) {
      return new FirstSteps(who, command, true, found.kind());
    }
    Dialogue dialogue = new TypedLines(tools.screen().err(), tools.keyboard());
    String name = provider == null ? ask(dialogue, "Who works on tasks?", who) : who;
    String line =
        tests == null
            ? ask(dialogue, "What tests the project? (- for nothing)", command.orElse("-"))
            : tests;
    Optional<String> tested = Optional.of(line).filter(text -> !text.equals("-"));
    boolean gate =
        tested.isPresent()
            && ask(dialogue, "Is a task done only when that passes?", "yes")
                .toLowerCase(Locale.ROOT)
                .startsWith("y");
    return new FirstSteps(name, tested, gate, found.kind());
  }

  private static String ask(Dialogue dialogue, String question, String usual) {
    return dialogue
        .ask("%s [%s] ".formatted(question, usual), new StopSignal())
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .orElse(usual);
  }
}
