package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Databases.Copied;
import dev.agentrunner.cli.Databases.Migrated;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code db}. */
@Command(
    name = "db",
    mixinStandardHelpOptions = true,
    description = "Look after the database that a server keeps its runs in.",
    footer = {
      "",
      "URL is sqlite:PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME.",
      "Other users of the machine see the arguments of a running program: give the",
      "password in the file that PGPASSFILE names, or ~/.pgpass, rather than in URL."
    })
final class DatabaseCommand implements Runnable {

  private final Tools tools;

  @Spec private CommandSpec spec;

  DatabaseCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "migrate",
      mixinStandardHelpOptions = true,
      description = {
        "Bring a database to the form that this version wants. Stop every server that uses it first.",
        "",
        "A server does this by itself for a new database and for SQLite."
      })
  int migrate(
      @Option(
              names = "--db",
              required = true,
              paramLabel = "URL",
              description = "sqlite:PATH or postgresql://USER@HOST:PORT/NAME.")
          String url) {
    Migrated migrated = tools.workbench().databases().migrate(url);
    migrated.steps().forEach(step -> say("took step " + step));
    say("the tables are of version %s".formatted(migrated.version()));
    return ExitCode.DONE.number();
  }

  @Command(
      name = "copy",
      mixinStandardHelpOptions = true,
      description = {
        "Copy all of a database to a new one, for example from SQLite to PostgreSQL, while no server uses either. At the end every log is checked line by line.",
        "",
        "A copy that was cut goes on where it was when it is started again."
      })
  int copy(
      @Option(
              names = "--from",
              required = true,
              paramLabel = "URL",
              description = "The database to copy. It stays as it is.")
          String from,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "URL",
              description = "The new database.")
          String to) {
    Copied copied =
        tools
            .workbench()
            .databases()
            .copy(from, to, line -> tools.screen().err().println(Screen.harmless(line)));
    say("copied and checked %d runs with %d events".formatted(copied.runs(), copied.events()));
    return ExitCode.DONE.number();
  }

  private void say(String line) {
    tools.screen().out().println(Screen.harmless(line));
  }
}
