package dev.agentrunner.core.secret;

/**
 * A value that is not to be shown.
 *
 * @param name what people know it by, such as {@code ANTHROPIC_API_KEY}; stands in its place
 */
public record Secret(String name, String value) {

  @Override
  public String toString() {
    return "Secret[" + name + "]";
  }
}
