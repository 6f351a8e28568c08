package dev.agentrunner.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestJsonTest {

  private static Map<String, Object> read(String json) {
    return RequestJson.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void an_object_is_read_as_values() {
    assertThat(read("{\"a\":1,\"b\":[true,\"x\"],\"c\":{\"d\":null}}"))
        .isEqualTo(Map.of("a", 1L, "b", List.of(true, "x"), "c", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "[]", "{}{}", "{\"a\":", "{\"a\":NaN}", "{\"a\":1,\"a\":2}"})
  void anything_else_is_refused(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(UnreadableJsonException.class);
  }

  @Test
  void what_is_too_deep_or_too_long_is_refused_though_it_has_no_place() {
    String deep = "{\"a\":" + "[".repeat(RequestJson.DEPTH_MAX) + "1";
    String name = "{\"" + "a".repeat(2_000) + "\":1}";
    String number = "{\"a\":" + "1".repeat(200) + "}";

    for (String json : List.of(deep, name, number)) {
      assertThatThrownBy(() -> read(json)).isInstanceOf(UnreadableJsonException.class);
    }
  }
}
