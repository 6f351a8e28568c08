package dev.agentrunner.engine;

import dev.agentrunner.core.chat.ToolCall;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of a tool call, read leniently: models send numbers and flags as strings now and
 * then.
 */
record Arguments(Map<String, Object> values) {

  /** The arguments are not what the tool takes; the message tells the model. */
  static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unfit(String message) {
      super(message, null, false, false);
    }
  }

  static Arguments of(ToolCall call) {
    return switch (call.arguments()) {
      case ToolCall.Valid(Map<String, Object> values) -> new Arguments(values);
      case ToolCall.Broken(String raw, String why) ->
          throw new Unfit(
              "The arguments are no JSON object (%s); the call was cut off or malformed. Call again, with less at once if it was long."
                  .formatted(why));
    };
  }

  String text(String name) {
    return mayText(name)
        .orElseThrow(() -> new Unfit("The argument '%s' is missing.".formatted(name)));
  }

  Optional<String> mayText(String name) {
    Object value = values.get(name);
    return switch (value) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      case Number number -> Optional.of(number.toString());
      default -> throw new Unfit("The argument '%s' must be a string.".formatted(name));
    };
  }

  int whole(String name, int otherwise) {
    Optional<String> text = mayText(name).map(String::strip).filter(said -> !said.isEmpty());
    try {
      return text.map(Integer::parseInt).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw new Unfit("The argument '%s' must be a whole number.".formatted(name));
    }
  }

  boolean flag(String name) {
    return switch (values.get(name)) {
      case null -> false;
      case Boolean flag -> flag;
      case String text -> Boolean.parseBoolean(text.strip());
      default -> throw new Unfit("The argument '%s' must be true or false.".formatted(name));
    };
  }
}
