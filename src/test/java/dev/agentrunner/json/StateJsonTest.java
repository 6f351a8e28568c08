package dev.agentrunner.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.core.run.RunState;
import dev.agentrunner.testing.Samples;
import org.junit.jupiter.api.Test;

final class StateJsonTest {

  private final StateJson json = new StateJson(run -> Bodies.INLINE);

  @Test
  void a_state_comes_back_as_it_was() {
    var samples = new Samples(3);
    for (int i = 0; i < 30; i++) {
      RunState state = samples.of(RunState.class);

      byte[] bytes = json.write(state);

      assertThat(json.read(bytes)).isEqualTo(state);
      assertThat(json.write(json.read(bytes))).isEqualTo(bytes);
    }
  }

  @Test
  void a_run_that_has_not_begun_comes_back() {
    RunState state = RunState.empty(Samples.RUN);

    assertThat(json.read(json.write(state))).isEqualTo(state);
  }

  @Test
  void a_later_version_is_told_apart_from_damage() {
    String state = new String(json.write(RunState.empty(Samples.RUN)), UTF_8);

    assertThatExceptionOfType(StateJson.NewerVersionException.class)
        .isThrownBy(() -> json.read(state.replace("\"v\":1", "\"v\":2").getBytes(UTF_8)));
    assertThatExceptionOfType(UnreadableJsonException.class)
        .isThrownBy(() -> json.read(state.replace("queued", "lost").getBytes(UTF_8)))
        .withMessageContaining("status is the text \"lost\"");
    assertThatExceptionOfType(UnreadableJsonException.class)
        .isThrownBy(() -> json.read(state.substring(0, 20).getBytes(UTF_8)));
  }
}
