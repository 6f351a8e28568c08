package dev.agentrunner.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object as read. A member that is asked for must be there and of the right kind,
 * otherwise an {@link UnreadableJsonException} names it; members that nobody asks for do no harm. A
 * member that is {@code null} is not there.
 */
final class JsonObject {

  private final Bodies bodies;
  private final @Nullable JsonObject parent;
  private final String name;

  // Few members, most of them asked for in the order written: a search is faster than a table.
  private String[] names = new String[8];
  private Object[] values = new Object[8];
  private int size;

  /**
   * @param parent the object it was found in; none for the outermost
   * @param name the member of the parent that holds it
   */
  JsonObject(Bodies bodies, @Nullable JsonObject parent, String name) {
    this.bodies = bodies;
    this.parent = parent;
    this.name = name;
  }

  void add(String member, Object value) {
    if (size == names.length) {
      names = Arrays.copyOf(names, size * 2);
      values = Arrays.copyOf(values, size * 2);
    }
    names[size] = member;
    values[size] = value;
    size++;
  }

  String text(String member) {
    return text(member, required(member));
  }

  Optional<String> textIfAny(String member) {
    return found(member).map(value -> text(member, value));
  }

  long number(String member) {
    if (required(member) instanceof Long number) {
      return number;
    }
    throw wrong(member, "a whole number");
  }

  int integer(String member) {
    long number = number(member);
    if ((int) number == number) {
      return (int) number;
    }
    throw wrong(member, "a number below 2^31");
  }

  boolean flag(String member) {
    if (required(member) instanceof Boolean flag) {
      return flag;
    }
    throw wrong(member, "true or false");
  }

  Optional<Boolean> flagIfAny(String member) {
    return found(member).map(value -> flag(member));
  }

  Instant time(String member) {
    return parsed(member, Timestamps::parse, "a time such as 2026-11-21T10:15:30.123Z");
  }

  Optional<Instant> timeIfAny(String member) {
    return found(member).map(value -> time(member));
  }

  Duration duration(String member) {
    return parsed(member, Duration::parse, "a duration such as PT1.5S");
  }

  Optional<Duration> durationIfAny(String member) {
    return found(member).map(value -> duration(member));
  }

  /** What {@code make} makes of a text; it refuses with {@link IllegalArgumentException}. */
  <T> T id(String member, Function<String, T> make) {
    try {
      return make.apply(text(member));
    } catch (IllegalArgumentException e) {
      throw new UnreadableJsonException(path(member) + " is " + e.getMessage(), e);
    }
  }

  <T> Optional<T> idIfAny(String member, Function<String, T> make) {
    return found(member).map(value -> id(member, make));
  }

  <E extends Enum<E>> E word(String member, Words<E> words) {
    String word = text(member);
    return words.constant(word).orElseThrow(() -> wrong(member, "one of " + words.all()));
  }

  <E extends Enum<E>> Optional<E> wordIfAny(String member, Words<E> words) {
    return found(member).map(value -> word(member, words));
  }

  JsonObject object(String member) {
    if (required(member) instanceof JsonObject object) {
      return object;
    }
    throw wrong(member, "an object");
  }

  <T> T object(String member, Function<JsonObject, T> shape) {
    return shape.apply(object(member));
  }

  <T> Optional<T> objectIfAny(String member, Function<JsonObject, T> shape) {
    return found(member).map(value -> object(member, shape));
  }

  <T> List<T> objects(String member, Function<JsonObject, T> shape) {
    List<T> made = new ArrayList<>();
    for (Object item : list(member)) {
      if (!(item instanceof JsonObject object)) {
        throw wrong(member, "a list of objects");
      }
      made.add(shape.apply(object));
    }
    return made;
  }

  /**
   * The object as JDK values, as {@link dev.agentrunner.core.chat.ToolCall.Valid} describes them.
   */
  Map<String, Object> values(String member) {
    return object(member).values();
  }

  Map<String, Object> values() {
    Map<String, Object> made = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      made.put(BodyReference.unescaped(names[i]), plain(names[i], values[i]));
    }
    return Collections.unmodifiableMap(made);
  }

  private Object plain(String member, Object value) {
    return switch (value) {
      case JsonObject object when object.isBodyReference() -> object.body();
      case JsonObject object -> object.values();
      case List<?> list -> {
        List<@Nullable Object> made = new ArrayList<>(list.size());
        for (Object item : list) {
          made.add(item == null ? null : plain(member, item));
        }
        yield Collections.unmodifiableList(made);
      }
      default -> value;
    };
  }

  private List<?> list(String member) {
    if (required(member) instanceof List<?> list) {
      return list;
    }
    throw wrong(member, "a list");
  }

  private String text(String member, Object value) {
    return switch (value) {
      case String text -> text;
      case JsonObject object when object.isBodyReference() -> object.body();
      default -> throw wrong(member, "a text");
    };
  }

  private boolean isBodyReference() {
    return found(BodyReference.DIGEST).isPresent();
  }

  private String body() {
    return new String(bodies.find(text(BodyReference.DIGEST)), StandardCharsets.UTF_8);
  }

  private <T> T parsed(String member, Function<String, T> parser, String expected) {
    try {
      return parser.apply(text(member));
    } catch (DateTimeException e) {
      throw wrong(member, expected);
    }
  }

  private Optional<Object> found(String member) {
    for (int i = 0; i < size; i++) {
      if (names[i].equals(member)) {
        return Optional.of(values[i]);
      }
    }
    return Optional.empty();
  }

  private Object required(String member) {
    for (int i = 0; i < size; i++) {
      if (names[i].equals(member)) {
        return values[i];
      }
    }
    throw new UnreadableJsonException(path(member) + " is missing");
  }

  /** For a {@code kind} or the like that is not one of ours. */
  UnreadableJsonException unknown(String member, String word) {
    return new UnreadableJsonException(path(member) + " is not known here: " + word);
  }

  private UnreadableJsonException wrong(String member, String expected) {
    return new UnreadableJsonException(
        path(member) + " is " + kind(required(member)) + ", not " + expected);
  }

  private static String kind(Object value) {
    return switch (value) {
      case String text ->
          "the text \"" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + '"';
      case Boolean flag -> flag.toString();
      case Long number -> number.toString();
      case BigInteger _ -> "a very large number";
      case BigDecimal number -> "the number " + number;
      case List<?> _ -> "a list";
      default -> "an object";
    };
  }

  private String path(String member) {
    JsonObject above = parent;
    return above == null ? member : above.path(name) + "." + member;
  }
}
