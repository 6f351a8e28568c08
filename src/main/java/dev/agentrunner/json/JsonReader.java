package dev.agentrunner.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads bytes that hold one JSON object and nothing else. */
final class JsonReader {

  private final JsonParser in;
  private final Bodies bodies;

  private JsonReader(JsonParser in, Bodies bodies) {
    this.in = in;
    this.bodies = bodies;
  }

  static JsonObject read(byte[] bytes, int from, int length, Bodies bodies) {
    return read(JsonFormat.FACTORY, bytes, from, length, bodies);
  }

  static JsonObject read(JsonFactory format, byte[] bytes, int from, int length, Bodies bodies) {
    try (JsonParser in = format.createParser(bytes, from, length)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableJsonException("no JSON object");
      }
      JsonObject object = new JsonReader(in, bodies).object(null, "");
      if (in.nextToken() != null) {
        throw new UnreadableJsonException("something follows the JSON object");
      }
      return object;
    } catch (JsonProcessingException e) {
      throw new UnreadableJsonException(
          "no JSON: " + e.getOriginalMessage() + place(e.getLocation()), e);
    } catch (IOException e) {
      // Bytes that are no UTF-8.
      throw new UnreadableJsonException("no JSON: " + e.getMessage(), e);
    }
  }

  /** Empty where a limit was reached: the message of that says how far. */
  private static String place(@Nullable JsonLocation location) {
    return location == null ? "" : " at byte " + location.getByteOffset();
  }

  private JsonObject object(@Nullable JsonObject parent, String name) throws IOException {
    var object = new JsonObject(bodies, parent, name);
    for (String member = in.nextFieldName(); member != null; member = in.nextFieldName()) {
      Object value = value(in.nextToken(), object, member);
      if (value != null) {
        object.add(member, value);
      }
    }
    return object;
  }

  private List<@Nullable Object> list(JsonObject parent, String name) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      list.add(value(token, parent, name));
    }
    return list;
  }

  private @Nullable Object value(JsonToken token, JsonObject parent, String name)
      throws IOException {
    return switch (token) {
      case VALUE_STRING -> in.getText();
      case VALUE_NUMBER_INT ->
          in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? in.getBigIntegerValue()
              : (Object) in.getLongValue();
      case VALUE_NUMBER_FLOAT -> in.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case START_OBJECT -> object(parent, name);
      case START_ARRAY -> list(parent, name);
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new UnreadableJsonException(name + " has no value");
    };
  }
}
