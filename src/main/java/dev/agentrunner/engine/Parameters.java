package dev.agentrunner.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the JSON Schema of a tool's parameters, in a fixed order. */
final class Parameters {

  private final Map<String, Object> properties = new LinkedHashMap<>();
  private final List<Object> required = new ArrayList<>();

  Parameters need(String name, String type, String description) {
    required.add(name);
    return may(name, type, description);
  }

  Parameters may(String name, String type, String description) {
    Map<String, Object> property = new LinkedHashMap<>();
    property.put("type", type);
    property.put("description", description);
    properties.put(name, Collections.unmodifiableMap(property));
    return this;
  }

  Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", Collections.unmodifiableMap(properties));
    schema.put("required", List.copyOf(required));
    schema.put("additionalProperties", false);
    return Collections.unmodifiableMap(schema);
  }
}
