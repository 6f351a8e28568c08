package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Named;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON Schema (draft 2020-12) made of a table of keys. */
final class SchemaDocument {

  private SchemaDocument() {}

  static Map<String, Object> of(String name, String title, Group root) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("$id", "urn:agent-runner:" + name);
    schema.put("title", title);
    schema.putAll(group(root));
    return schema;
  }

  private static Map<String, Object> shape(Shape shape) {
    return switch (shape) {
      case Shape.Text text -> text(text.kind());
      case Shape.Choice choice -> map("enum", words(choice));
      case Shape.Whole whole ->
          map(
              "type", List.of("integer", "string"),
              "minimum", whole.min(),
              "maximum", whole.max(),
              "pattern", "^(0|[1-9][0-9]*)$");
      case Shape.Time _ -> map("type", "string", "pattern", "^[0-9]+ *(ms|s|m|h|d)$");
      case Shape.Items items when items.item() instanceof Group -> list(items);
      case Shape.Items items -> map("anyOf", List.of(shape(items.item()), list(items)));
      case Shape.CommandLine _ ->
          map(
              "anyOf",
              List.of(
                  text(TextKind.COMMAND),
                  map("type", "array", "minItems", 1, "items", text(TextKind.WORD))));
      case Named named ->
          map(
              "type", "object",
              "propertyNames", text(named.names()),
              "additionalProperties", shape(named.value()));
      case Group group when group.shorthand().isPresent() ->
          map(
              "anyOf",
              List.of(
                  shape(group.key(group.shorthand().get()).orElseThrow().shape()), group(group)));
      case Group group -> group(group);
    };
  }

  /** Editors read a bare {@code on}, {@code off}, {@code true} or {@code false} as a truth. */
  private static List<Object> words(Shape.Choice choice) {
    List<Object> words = new ArrayList<>(choice.words());
    if (words.contains("off") || words.contains("false")) {
      words.add(false);
    }
    if (words.contains("on") || words.contains("true")) {
      words.add(true);
    }
    if (words.contains("true")) {
      words.addAll(List.of(true, false));
    }
    return words;
  }

  private static Map<String, Object> list(Shape.Items items) {
    Map<String, Object> list = map("type", "array", "items", shape(items.item()));
    if (!items.mayBeEmpty()) {
      list.put("minItems", 1);
    }
    return list;
  }

  private static Map<String, Object> group(Group group) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Member key : group.keys()) {
      Map<String, Object> property = new LinkedHashMap<>();
      property.put("description", key.about());
      property.putAll(shape(key.shape()));
      key.standard().ifPresent(text -> property.put("default", standard(key.shape(), text)));
      properties.put(key.name(), property);
    }
    Map<String, Object> schema = map("type", "object", "properties", properties);
    List<String> required =
        group.keys().stream().filter(Member::required).map(Member::name).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    if (!group.rivals().isEmpty()) {
      schema.put("not", map("required", group.rivals()));
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private static Object standard(Shape shape, String text) {
    return shape instanceof Shape.Whole ? (Object) Long.valueOf(text) : text;
  }

  /** Text may look like a number or a truth: it is taken as written. */
  private static Map<String, Object> text(TextKind kind) {
    List<String> written = List.of("string", "number", "boolean");
    return switch (kind) {
      case LINE -> map("type", written, "pattern", "^[^\\r\\n]*[^\\s][^\\r\\n]*$");
      case PATH -> map("type", written, "pattern", "^[^\\r\\n]+$");
      case PROSE, WORD -> map("type", written);
      case COMMAND -> map("type", written, "pattern", "[^\\s]");
      case TASK_ID, HOOK_ID, PROVIDER_NAME ->
          map("type", written, "pattern", "^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}$");
      case VARIABLE -> map("type", "string", "pattern", "^[A-Za-z_][A-Za-z0-9_]*$");
      case WEB_ADDRESS -> map("type", "string", "pattern", "^[Hh][Tt][Tt][Pp][Ss]?://[^@?#]+$");
      case WEBHOOK ->
          map(
              "type",
              "string",
              "pattern",
              "^(env:[A-Za-z_][A-Za-z0-9_]*|[Hh][Tt][Tt][Pp][Ss]?://[^@#]+)$");
      case SECRET, BRANCH -> map("type", "string", "minLength", 1);
      case PRICE -> map("type", written, "pattern", "^[0-9]{1,7}(\\.[0-9]{1,9})?$");
      case SHARE ->
          map("type", written, "pattern", "^([0-9]{1,2}(\\.[0-9]{1,4})?%|0(\\.[0-9]{1,6})?)$");
      case PERSON -> map("type", "string", "pattern", "^[^<>]+<[^<>]+>$");
      case VERSION -> map("enum", List.of(1, "1"));
    };
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
