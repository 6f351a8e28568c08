package dev.agentrunner.core.chat;

import java.util.Map;

/**
 * The model's wish to have a tool run.
 *
 * @param id joins the call to its result; made up by the adapter where the provider gives none,
 *     unique within a reply
 * @param name as offered in {@link ToolSpec#name}, or whatever the model made up
 */
public record ToolCall(String id, String name, Arguments arguments) {

  /** What the model passed along. */
  public sealed interface Arguments {}

  /**
   * A JSON object.
   *
   * @param values {@code String}, {@code Boolean}, {@code Long}, {@code java.math.BigInteger},
   *     {@code java.math.BigDecimal}, {@code List} and {@code Map} of the same, in the order sent;
   *     members that were null are left out
   */
  public record Valid(Map<String, Object> values) implements Arguments {}

  /**
   * No JSON object: cut off, or malformed.
   *
   * @param raw as it came
   */
  public record Broken(String raw, String why) implements Arguments {}
}
