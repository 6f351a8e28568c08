package dev.agentrunner.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes one JSON object, field by field in the order told; texts that are too long go to {@link
 * Bodies}.
 */
public final class JsonWriter {

  private final JsonGenerator out;
  private final Bodies bodies;

  private JsonWriter(JsonGenerator out, Bodies bodies) {
    this.out = out;
    this.bodies = bodies;
  }

  /** Writes the fields of one value into the object that is open. */
  public interface Shape<T> {
    void write(JsonWriter out, T value) throws IOException;
  }

  /** The bytes of one object, in UTF-8. */
  public static <T> byte[] bytes(T value, Shape<T> shape, Bodies bodies) {
    var bytes = new ByteArrayOutputStream(512);
    try {
      write(value, shape, bodies, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Leaves {@code to} open. */
  static <T> void write(T value, Shape<T> shape, Bodies bodies, OutputStream to)
      throws IOException {
    try (JsonGenerator out = JsonFormat.FACTORY.createGenerator(to)) {
      out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      out.writeStartObject();
      shape.write(new JsonWriter(out, bodies), value);
      out.writeEndObject();
    }
  }

  public JsonWriter text(String name, String value) throws IOException {
    out.writeFieldName(name);
    text(value);
    return this;
  }

  public JsonWriter textIfAny(String name, Optional<String> value) throws IOException {
    return value.isPresent() ? text(name, value.get()) : this;
  }

  public JsonWriter number(String name, long value) throws IOException {
    out.writeNumberField(name, value);
    return this;
  }

  public JsonWriter flag(String name, boolean value) throws IOException {
    out.writeBooleanField(name, value);
    return this;
  }

  /** As exact as it is; for instants that are always to the millisecond see {@link Timestamps}. */
  public JsonWriter time(String name, Instant value) throws IOException {
    return text(name, value.toString());
  }

  public JsonWriter timeIfAny(String name, Optional<Instant> value) throws IOException {
    return value.isPresent() ? time(name, value.get()) : this;
  }

  /** In ISO form, such as {@code PT1.5S}: exact, whatever its size. */
  public JsonWriter duration(String name, Duration value) throws IOException {
    return text(name, value.toString());
  }

  public JsonWriter durationIfAny(String name, Optional<Duration> value) throws IOException {
    return value.isPresent() ? duration(name, value.get()) : this;
  }

  public <T> JsonWriter object(String name, T value, Shape<? super T> shape) throws IOException {
    out.writeObjectFieldStart(name);
    shape.write(this, value);
    out.writeEndObject();
    return this;
  }

  public <T> JsonWriter objectIfAny(String name, Optional<T> value, Shape<? super T> shape)
      throws IOException {
    return value.isPresent() ? object(name, value.get(), shape) : this;
  }

  public <T> JsonWriter objects(String name, Iterable<T> values, Shape<? super T> shape)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (T value : values) {
      out.writeStartObject();
      shape.write(this, value);
      out.writeEndObject();
    }
    out.writeEndArray();
    return this;
  }

  public JsonWriter texts(String name, Iterable<String> values) throws IOException {
    out.writeArrayFieldStart(name);
    for (String value : values) {
      text(value);
    }
    out.writeEndArray();
    return this;
  }

  /**
   * A JSON object held as JDK values, as {@link dev.agentrunner.core.chat.ToolCall.Valid} describes
   * them.
   */
  public JsonWriter values(String name, Map<String, Object> values) throws IOException {
    out.writeFieldName(name);
    value(values);
    return this;
  }

  private void value(Object value) throws IOException {
    switch (value) {
      case String text -> text(text);
      case Boolean flag -> out.writeBoolean(flag);
      case Long number -> out.writeNumber(number);
      case BigInteger number -> out.writeNumber(number);
      case BigDecimal number -> decimal(number);
      case List<?> list -> {
        out.writeStartArray();
        for (Object item : list) {
          if (item == null) {
            out.writeNull();
          } else {
            value(item);
          }
        }
        out.writeEndArray();
      }
      case Map<?, ?> map -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> member : map.entrySet()) {
          out.writeFieldName(BodyReference.escaped(whole((String) member.getKey())));
          value(member.getValue());
        }
        out.writeEndObject();
      }
      default -> throw new IllegalArgumentException("no JSON value: " + value.getClass());
    }
  }

  /**
   * Half surrogate pairs replaced: in a member's name, unlike in a text, Jackson does not read what
   * it wrote. No adapter lets such a name in; should one, the log must not become unreadable.
   */
  private static String whole(String name) {
    if (name.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return name;
    }
    return name.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '\ufffd' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private void decimal(BigDecimal number) throws IOException {
    if (number.scale() == 0) {
      // Without an exponent it would come back as a whole number.
      out.writeNumber(number.unscaledValue() + "E0");
    } else {
      out.writeNumber(number);
    }
  }

  private void text(String text) throws IOException {
    Optional<BodyReference> kept = keep(text);
    if (kept.isEmpty()) {
      out.writeString(text);
      return;
    }
    out.writeStartObject();
    out.writeStringField(BodyReference.DIGEST, kept.get().digest());
    out.writeNumberField(BodyReference.BYTES, kept.get().bytes());
    out.writeEndObject();
  }

  private Optional<BodyReference> keep(String text) {
    if (text.length() * 3L <= Bodies.INLINE_BYTES_MAX) {
      return Optional.empty();
    }
    ByteBuffer utf8;
    try {
      utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException halfPair) {
      // Half a surrogate pair has no UTF-8; as an escape in the line it comes back as it was.
      return Optional.empty();
    }
    if (utf8.remaining() <= Bodies.INLINE_BYTES_MAX) {
      return Optional.empty();
    }
    byte[] bytes = new byte[utf8.remaining()];
    utf8.get(bytes);
    return bodies.keep(bytes).map(digest -> new BodyReference(digest, bytes.length));
  }
}
