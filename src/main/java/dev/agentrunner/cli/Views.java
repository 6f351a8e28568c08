package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.EventJson;
import java.time.ZoneId;

/** Picks the view a user asked for. */
final class Views {

  private Views() {}

  static View of(RunOptions.Output output, Tools tools) {
    Summary summary = summary(tools);
    return switch (output) {
      case auto, plain -> new PlainView(tools.screen(), summary);
      case quiet -> new QuietView(tools.screen(), summary);
      case json -> new JsonView(tools.screen(), new EventJson(Bodies.INLINE));
    };
  }

  static Summary summary(Tools tools) {
    return new Summary(tools.screen(), tools.clock(), ZoneId.systemDefault());
  }
}
