package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serve}. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serve runs over HTTP: API, workers and console in one process.",
      "",
      "Without a key it listens on this machine only, and lets in whoever is on it. For others, make",
      "a key first: --init, or agent-runner keys create.",
      "",
      "The first Ctrl+C lets runs stand still, to be gone on with at the next start; the second ends",
      "all at once."
    },
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {

  private final Tools tools;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Where to listen. Default: ${DEFAULT-VALUE}.",
      defaultValue = "127.0.0.1")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "0 for any that is free. Default: ${DEFAULT-VALUE}.",
      defaultValue = "8484")
  private int port = 8484;

  @Mixin private DatabaseOption database = new DatabaseOption();

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "Runs worked on at once; 0 leaves them to other workers. Default: ${DEFAULT-VALUE}.",
      defaultValue = "4")
  private int slots = 4;

  @Option(
      names = "--project",
      paramLabel = "NAME=DIR",
      description = "A folder to work in; may be given several times. Without any, this folder.")
  private Map<String, String> projects = new LinkedHashMap<>();

  @Option(
      names = "--name",
      paramLabel = "HOST",
      description = "Another name that clients know it by, such as that of a proxy before it.")
  private List<String> names = List.of();

  @Option(
      names = "--allow-origin",
      paramLabel = "ORIGIN",
      description = "Web pages of others that may use it, such as https://console.example.")
  private List<String> origins = List.of();

  @Option(names = "--init", description = "Make a first key, and print it, if there is none.")
  private boolean init;

  ServeCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    Platform platform = tools.workbench().platform();
    return new Service(tools)
        .until(() ->
            platform.serve(
                new Platform.Serving(
                    host, port, database.orOf(platform), names, origins, slots, projects, init)))
        .number();
  }
}
