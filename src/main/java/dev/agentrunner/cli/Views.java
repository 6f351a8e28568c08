package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.port.UsageException;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.UUID;

/** Picks the view a user asked for. */
final class Views {

  private Views() {}

  static View of(RunOptions.Output output, Tools tools) {
    Summary summary = summary(tools);
    return switch (output) {
      case live -> live(tools);
      case auto ->
          SystemTty.isWatched()
              ? live(tools)
              : noted(new PlainView(tools.screen(), summary), tools);
      case plain -> noted(new PlainView(tools.screen(), summary), tools);
      case quiet -> noted(new QuietView(tools.screen(), summary), tools);
      case json -> new JsonView(tools.screen(), new EventJson(Bodies.INLINE));
    };
  }

  /** Forgejo and Gitea set the variable too, and understand groups. */
  private static View noted(View view, Tools tools) {
    return tools.workbench().variable("GITHUB_ACTIONS").filter("true"::equals).isPresent()
        ? new GithubView(view, tools.screen().err(), UUID.randomUUID().toString())
        : view;
  }

  /**
   * @throws UsageException if there is no terminal to draw on
   */
  static LiveView live(Tools tools) {
    if (!SystemTty.isThere()) {
      throw new UsageException(
          "the live view needs a terminal for standard input and standard error; elsewhere: -o plain");
    }
    Charset charset = tools.screen().err().charset();
    return new LiveView(
        tools.screen(), summary(tools), tools.clock(), () -> SystemTty.open(charset));
  }

  static Summary summary(Tools tools) {
    return new Summary(tools.screen(), tools.clock(), ZoneId.systemDefault());
  }
}
