package dev.agentrunner.json;

import java.util.Map;

/** What a client of the API sent. */
public final class RequestJson {

  /** How deep objects and lists may stand in each other. */
  public static final int DEPTH_MAX = 64;

  private RequestJson() {}

  /**
   * The members of one JSON object, as {@link dev.agentrunner.core.chat.ToolCall.Valid} describes
   * them, but that a member that is {@code null} is not there.
   *
   * @throws UnreadableJsonException if it is anything else: no JSON, another kind of value, a
   *     member twice, too deep, something behind it; says where
   */
  public static Map<String, Object> read(byte[] utf8) {
    return JsonReader.read(JsonFormat.STRICT, utf8, 0, utf8.length, Bodies.INLINE).values();
  }
}
