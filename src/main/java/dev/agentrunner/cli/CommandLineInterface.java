package dev.agentrunner.cli;

import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.EventLog.LostRunException;
import dev.agentrunner.port.UsageException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command line as a person meets it: arguments in, exit code out. */
public final class CommandLineInterface {

  private static final Set<String> PLACE = Set.of("-C", "--directory", "--config", Place.LOG_LEVEL);

  private final Tools tools;

  /**
   * What every command is given.
   *
   * @param version what {@code --version} prints
   * @param halt ends the program at once with an exit code; for the second Ctrl+C
   */
  public record Tools(
      Workbench workbench,
      Screen screen,
      InputStream keyboard,
      InstantSource clock,
      String version,
      IntConsumer halt) {}

  public CommandLineInterface(Tools tools) {
    this.tools = tools;
  }

  private Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("init", () -> new InitCommand(tools));
    commands.put("run", () -> new RunCommand(tools));
    commands.put("resume", () -> new ResumeCommand(tools));
    commands.put("status", () -> new StatusCommand(tools));
    commands.put("explain", () -> new ExplainCommand(tools));
    commands.put("report", () -> new ReportCommand(tools));
    commands.put("answer", () -> new AnswerCommand(tools));
    commands.put("retry", () -> new RetryCommand(tools));
    commands.put("skip", () -> new SkipCommand(tools));
    commands.put("log", () -> new LogCommand(tools));
    commands.put("verify", () -> new VerifyCommand(tools));
    commands.put("replay", () -> new ReplayCommand(tools));
    commands.put("diff", () -> new DiffCommand(tools));
    commands.put("undo", () -> new UndoCommand(tools));
    commands.put("apply", () -> new ApplyCommand(tools));
    commands.put("config", () -> new ConfigCommand(tools));
    commands.put("providers", () -> new ProvidersCommand(tools));
    commands.put("tasks", () -> new TasksCommand(tools));
    commands.put("limits", () -> new LimitsCommand(tools));
    commands.put("output", () -> new OutputCommand(tools));
    commands.put("db", () -> new DatabaseCommand(tools));
    commands.put("debug", () -> new DebugCommand(tools));
    commands.put("serve", () -> new ServeCommand(tools));
    commands.put("worker", () -> new WorkerCommand(tools));
    commands.put("keys", () -> new KeysCommand(tools));
    commands.put("completion", () -> new CompletionCommand(tools, this::whole));
    commands.put("manual", () -> new ManualCommand(tools, this::whole));
    return commands;
  }

  private CommandLine whole() {
    CommandLine line = new CommandLine(new Root());
    commands().forEach((name, command) -> line.addSubcommand(name, command.get()));
    return line;
  }

  /** What {@link HelpPages} keeps, made anew. */
  public String helpPages() {
    return HelpPages.written(usages(Ansi.ON));
  }

  /** What each command prints as its help, by the words it is called with. */
  private Map<String, String> usages(Ansi ink) {
    Map<String, String> usages = new LinkedHashMap<>();
    usages("", laidOut(whole(), ink), usages);
    return usages;
  }

  private static void usages(String words, CommandLine line, Map<String, String> into) {
    into.put(words, line.getUsageMessage(line.getColorScheme()));
    line.getSubcommands()
        .forEach((name, command) -> usages((words + " " + name).strip(), command, into));
  }

  private static CommandLine laidOut(CommandLine line, Ansi ink) {
    line.setColorScheme(CommandLine.Help.defaultColorScheme(ink));
    line.setUsageHelpWidth(80);
    return line;
  }

  /** Runs what {@code args} ask for and returns the exit code. */
  public int run(String... args) {
    Optional<String> help = HelpPages.asked(tools.screen().ink(), args);
    if (help.isPresent()) {
      tools.screen().out().print(help.get());
      return ExitCode.DONE.number();
    }
    if (args.length == 1 && args[0].equals("status") && levelIsUsual()) {
      return bare(new StatusCommand(tools));
    }
    CommandLine line = new CommandLine(new Root());
    Map<String, Supplier<Object>> commands = commands();
    // Reading a command's annotations costs milliseconds: only those that may be meant are read.
    List<String> meant = Arrays.stream(args).filter(commands::containsKey).toList();
    commands.forEach((name, command) -> {
      if (meant.isEmpty() || meant.contains(name)) {
        line.addSubcommand(name, command.get());
      }
    });
    versioned(line);
    line.setOut(writer(tools.screen().out()));
    line.setErr(writer(tools.screen().err()));
    laidOut(line, tools.screen().ink() ? Ansi.ON : Ansi.OFF);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(this::misused);
    line.setDefaultValueProvider(this::usual);
    line.setExecutionStrategy(CommandLineInterface::heard);
    line.setExecutionExceptionHandler((failure, ignored, parsed) -> failed(failure));
    return line.execute(placed(args));
  }

  /**
   * Runs a command of which nothing but its name was given: there is nothing to parse, and to load
   * the parser takes half of the time.
   */
  private int bare(Callable<Integer> command) {
    try {
      LogLevel.warn.hold();
      return command.call();
    } catch (Exception e) {
      return failed(e);
    }
  }

  private boolean levelIsUsual() {
    return tools.workbench().variable("AGENT_RUNNER_LOG_LEVEL").isEmpty();
  }

  /** What holds for an option that was not given, unless that is its own matter. */
  private @Nullable String usual(ArgSpec argument) {
    return argument instanceof OptionSpec option && option.longestName().equals(Place.LOG_LEVEL)
        ? tools.workbench().variable("AGENT_RUNNER_LOG_LEVEL").orElse(null)
        : null;
  }

  /** Before anything is logged, the level must hold. */
  private static int heard(ParseResult parsed) {
    ParseResult meant = parsed;
    while (meant.hasSubcommand()) {
      meant = meant.subcommand();
    }
    OptionSpec level = meant.commandSpec().findOption(Place.LOG_LEVEL);
    if (level != null && level.getValue() instanceof LogLevel wanted) {
      wanted.hold();
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  /**
   * With {@code -C DIR} and the like moved from before the command's name, where git has it, to
   * behind it.
   */
  private static String[] placed(String... args) {
    int names = 0;
    while (names < args.length && PLACE.contains(args[names])) {
      names += 2;
    }
    if (names == 0 || names >= args.length) {
      return args;
    }
    List<String> moved = new ArrayList<>(Arrays.asList(args).subList(names, args.length));
    int end = moved.contains("--") ? moved.indexOf("--") : moved.size();
    moved.addAll(end, Arrays.asList(args).subList(0, names));
    return moved.toArray(String[]::new);
  }

  private void versioned(CommandLine line) {
    line.getCommandSpec().version(tools.version());
    line.getSubcommands().values().forEach(this::versioned);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  private int misused(ParameterException misuse, String[] args) {
    tools.screen().err().println("agent-runner: " + misuse.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(misuse, writer(tools.screen().err()));
    tools
        .screen()
        .err()
        .printf("See: %s --help%n", misuse.getCommandLine().getCommandSpec().qualifiedName());
    return ExitCode.USAGE.number();
  }

  private int failed(Exception failure) {
    return switch (failure) {
      case UsageException e -> say(e, ExitCode.USAGE);
      case EnvironmentException e -> say(e, ExitCode.ENVIRONMENT);
      case LostRunException e -> say(e, ExitCode.ENVIRONMENT);
      default -> {
        tools
            .screen()
            .err()
            .println(
                "agent-runner: this is a bug in agent-runner; nothing that stands in the log is lost. Please report it with these lines:");
        tools.screen().err().println(tools.version());
        failure.printStackTrace(tools.screen().err());
        yield ExitCode.BUG.number();
      }
    };
  }

  private int say(Exception failure, ExitCode code) {
    tools
        .screen()
        .err()
        .println("agent-runner: " + Screen.harmless(String.valueOf(failure.getMessage())));
    return code.number();
  }

  @Command(
      name = "agent-runner",
      mixinStandardHelpOptions = true,
      description =
          "Drives an LLM coding agent through a list of tasks until each is verified done.",
      footer = {"", "First steps: agent-runner init"})
  private static final class Root implements Runnable {

    @SuppressWarnings("unused") // For the help; what is given is handed to the command.
    @Mixin
    private Place place = new Place();

    @Spec private CommandSpec spec;

    @Override
    public void run() {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }
}
