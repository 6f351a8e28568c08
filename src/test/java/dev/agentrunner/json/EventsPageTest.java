package dev.agentrunner.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.testing.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/events.md} equal to the events there are and to what is written of them. */
final class EventsPageTest {

  private static final Pattern SECTION =
      Pattern.compile("(?ms)^#{2,3} (?:`([a-z.]+)`|The line)$(.*?)(?=^#|\\z)");
  private static final Pattern FIELD =
      Pattern.compile("(?m)^\\| `([a-z_.\\[\\]]+)` \\| [a-z]+(, optional)? \\|");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^\\{.*\\}$");

  private final EventJson json = new EventJson(Bodies.INLINE);

  @Test
  void the_page_describes_every_field_of_every_type() throws Exception {
    Map<String, Map<String, Boolean>> written = new TreeMap<>();
    var line = new Fields();
    for (Class<?> kind : Samples.eventKinds()) {
      var samples = new Samples(5);
      var data = new Fields();
      String type = "";
      for (int i = 0; i < 400; i++) {
        RunEvent event = samples.event(kind);
        type = event.type();
        JsonNode node =
            new ObjectMapper()
                .readTree(json.write(Samples.RUN, Samples.recorded(1, event), EventJson.NO_LINE));
        data.see("", node.get("data"));
        line.seeLine(node);
      }
      written.put(type, data.optional());
    }
    written.put("The line", line.optional());

    assertThat(documented()).isEqualTo(written);
  }

  @Test
  void every_example_is_a_line_as_it_is_written() throws Exception {
    List<String> types =
        sections().entrySet().stream()
            .filter(section -> !section.getKey().equals("The line"))
            .map(section -> section.getKey() + " " + typeOf(example(section.getValue())))
            .toList();

    assertThat(types).isNotEmpty().allMatch(pair -> pair.matches("(.*) \\1"));
  }

  private String typeOf(String example) {
    byte[] bytes = example.getBytes(UTF_8);
    EventJson.Line line = json.read(bytes, 0, bytes.length);
    assertThat(new String(json.write(line.run(), line.recorded(), line.prev()), UTF_8))
        .isEqualTo(example);
    return line.recorded().event().type();
  }

  private static String example(String section) {
    Matcher example = EXAMPLE.matcher(section);
    assertThat(example.find()).as("an example in %s", section).isTrue();
    return example.group();
  }

  private static Map<String, Map<String, Boolean>> documented() throws IOException {
    Map<String, Map<String, Boolean>> documented = new TreeMap<>();
    sections()
        .forEach((type, section) -> {
          Map<String, Boolean> fields = new TreeMap<>();
          FIELD
              .matcher(section)
              .results()
              .forEach(field -> fields.put(field.group(1), field.group(2) != null));
          documented.put(type, fields);
        });
    return documented;
  }

  private static Map<String, String> sections() throws IOException {
    Map<String, String> sections = new LinkedHashMap<>();
    SECTION
        .matcher(Files.readString(Path.of("docs/events.md")))
        .results()
        .forEach(section ->
            sections.put(
                section.group(1) == null ? "The line" : section.group(1), section.group(2)));
    return sections;
  }

  /**
   * The fields of many objects by their way, such as {@code tasks[].id}, and how often each was
   * there.
   */
  private static final class Fields {

    private final Map<String, Integer> seen = new HashMap<>();
    private final Map<String, Integer> objects = new HashMap<>();

    void see(String way, JsonNode object) {
      objects.merge(way, 1, Integer::sum);
      object
          .properties()
          .forEach(field -> {
            String at = way + field.getKey();
            seen.merge(at, 1, Integer::sum);
            if (field.getKey().equals("arguments")) {
              return; // Whatever the model likes.
            } else if (field.getValue().isObject()) {
              see(at + ".", field.getValue());
            } else if (field.getValue().isArray()) {
              field.getValue().forEach(item -> see(at + "[].", item));
            }
          });
    }

    void seeLine(JsonNode line) {
      objects.merge("", 1, Integer::sum);
      line.fieldNames().forEachRemaining(name -> seen.merge(name, 1, Integer::sum));
    }

    /**
     * The innermost fields, each with whether it, or the object it is in, is sometimes left out.
     */
    Map<String, Boolean> optional() {
      Map<String, Boolean> optional = new TreeMap<>();
      seen.forEach((way, times) -> {
        if (!objects.containsKey(way + ".") && !objects.containsKey(way + "[].")) {
          optional.put(way, isOptional(way, times));
        }
      });
      return optional;
    }

    private boolean isOptional(String way, int times) {
      int dot = way.lastIndexOf('.');
      String object = way.substring(0, dot + 1);
      if (times < objects.getOrDefault(object, 0)) {
        return true;
      }
      String above = object.isEmpty() ? "" : object.substring(0, object.length() - 1);
      return !above.isEmpty()
          && !above.endsWith("[]")
          && isOptional(above, seen.getOrDefault(above, 0));
    }
  }
}
