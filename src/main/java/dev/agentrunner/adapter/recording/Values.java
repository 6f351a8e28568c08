package dev.agentrunner.adapter.recording;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JDK values that arguments and schemas are made of, written and read. A decimal without a
 * fraction comes back as a whole number, which is the same to JSON.
 */
final class Values {

  private Values() {}

  /** Writes a text by itself, as one format may want it otherwise than another. */
  interface Texts {
    void write(String text) throws IOException;
  }

  static void write(JsonGenerator out, @Nullable Object value, Texts texts) throws IOException {
    switch (value) {
      case null -> out.writeNull();
      case String text -> texts.write(text);
      case Boolean truth -> out.writeBoolean(truth);
      case Integer number -> out.writeNumber(number);
      case Long number -> out.writeNumber(number);
      case BigInteger number -> out.writeNumber(number);
      case BigDecimal number -> out.writeNumber(number);
      case List<?> list -> {
        out.writeStartArray();
        for (Object element : list) {
          write(out, element, texts);
        }
        out.writeEndArray();
      }
      case Map<?, ?> map -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> member : map.entrySet()) {
          out.writeFieldName(YamlText.whole((String) member.getKey()));
          write(out, member.getValue(), texts);
        }
        out.writeEndObject();
      }
      default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
    }
  }

  /** The members of {@code mapping}, without those that are null. */
  static Map<String, Object> read(Node.Mapping mapping) {
    Map<String, Object> values = new LinkedHashMap<>();
    mapping
        .members()
        .forEach((name, member) -> {
          Object value = read(member.value());
          if (value != null) {
            values.put(name, value);
          }
        });
    return Collections.unmodifiableMap(values);
  }

  private static @Nullable Object read(Node node) {
    return switch (node) {
      case Node.Scalar scalar -> scalar.value();
      case Node.Mapping mapping -> read(mapping);
      case Node.Sequence(_, List<Node> items) -> {
        List<@Nullable Object> values = new ArrayList<>(items.size());
        items.forEach(item -> values.add(read(item)));
        yield Collections.unmodifiableList(values);
      }
    };
  }
}
