package dev.agentrunner.core.chat;

import java.util.Map;

/**
 * A tool offered to the model.
 *
 * @param description tells the model when and how to use it
 * @param parameters a JSON Schema object as JDK values ({@code Map}, {@code List}, {@code String},
 *     {@code Boolean}, {@code Long}); key order is kept, so that prompt caches hold
 */
public record ToolSpec(String name, String description, Map<String, Object> parameters) {}
