package dev.agentrunner.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.testing.MemoryBodies;
import dev.agentrunner.testing.Samples;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventJsonTest {

  private static final TaskId TASK = new TaskId("T1");
  private static final String FAILED =
      "{\"seq\":3,\"at\":\"2026-11-21T10:15:30.126Z\",\"run\":\"20261121-101530-7f3a\",\"task\":\"T1\","
          + "\"type\":\"task.failed\",\"v\":1,\"data\":{\"reason\":\"no\"},\"prev\":\""
          + EventJson.NO_LINE
          + "\"}";

  private final EventJson json = new EventJson(Bodies.INLINE);

  @ParameterizedTest
  @MethodSource("kinds")
  void every_kind_of_event_comes_back_as_it_was(Class<?> kind) {
    var samples = new Samples(kind.getName().hashCode());
    for (int i = 0; i < 200; i++) {
      Recorded recorded = Samples.recorded(i + 1, samples.event(kind));

      byte[] line = json.write(Samples.RUN, recorded, EventJson.NO_LINE);

      assertThat(json.read(line, 0, line.length))
          .isEqualTo(new EventJson.Line(Samples.RUN, recorded, EventJson.NO_LINE));
      assertThat(new String(line, UTF_8)).doesNotContain("\n").doesNotContain("\r");
    }
  }

  static List<Class<?>> kinds() {
    return Samples.eventKinds();
  }

  @Test
  void equal_events_give_equal_bytes() {
    List<Recorded> once = new Samples(7).history(200);
    List<Recorded> again = new Samples(7).history(200);

    for (int i = 0; i < once.size(); i++) {
      assertThat(json.write(Samples.RUN, once.get(i), EventJson.NO_LINE))
          .isEqualTo(json.write(Samples.RUN, again.get(i), EventJson.NO_LINE));
    }
  }

  @Test
  void a_line_looks_as_documented() {
    var event = new RunEvent.TaskFailed(TASK, "no");

    byte[] line = json.write(Samples.RUN, Samples.recorded(3, event), EventJson.NO_LINE);

    assertThat(new String(line, UTF_8)).isEqualTo(FAILED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
        "2024-02-29T23:59:59.001Z",
        "+12345-06-07T08:09:10.011Z",
        "-0001-06-07T08:09:10Z"
      })
  void any_time_to_the_millisecond_comes_back(String time) {
    var recorded = new Recorded(1, Instant.parse(time), new RunEvent.RunCompleted());

    byte[] line = json.write(Samples.RUN, recorded, EventJson.NO_LINE);

    assertThat(json.read(line, 0, line.length).recorded()).isEqualTo(recorded);
  }

  @Test
  void a_time_finer_than_a_millisecond_is_our_mistake() {
    var recorded = new Recorded(1, Instant.ofEpochSecond(1, 1), new RunEvent.RunCompleted());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> json.write(Samples.RUN, recorded, EventJson.NO_LINE));
  }

  @Test
  void members_nobody_knows_do_no_harm() {
    String line =
        FAILED
            .replace("{\"reason\"", "{\"new\":[{\"a\":null}],\"reason\"")
            .replace("\"v\":1", "\"v\":1,\"more\":{\"x\":[1,2.5,null]}");

    assertThat(read(line)).isEqualTo(read(FAILED));
  }

  @Test
  void a_missing_member_is_named() {
    refuses(FAILED.replace("\"reason\":\"no\"", ""), "task.failed: data.reason is missing");
    refuses(FAILED.replace("\"task\":\"T1\",", ""), "task.failed: task is missing");
    refuses(FAILED.replace("\"reason\":\"no\"", "\"reason\":null"), "data.reason is missing");
  }

  @Test
  void a_member_of_the_wrong_kind_is_named() {
    refuses(FAILED.replace("\"no\"", "5"), "task.failed: data.reason is 5, not a text");
    refuses(FAILED.replace(":3,", ":\"3\","), "seq is the text \"3\", not a whole number");
    refuses(FAILED.replace(".126Z", ""), "at is the text \"2026-11-21T10:15:30\", not a time");
    refuses(FAILED.replace("11-21T", "11-31T"), "at is the text");
    refuses(FAILED.replace("\"T1\"", "\"../T1\""), "task is not a task id: ../T1");
  }

  @Test
  void a_member_deep_inside_is_named_with_its_way() {
    String line =
        new String(
            json.write(
                Samples.RUN,
                Samples.recorded(
                    1, new RunEvent.EscalationRaised(TASK, new Samples(1).of(Escalation.class))),
                EventJson.NO_LINE),
            UTF_8);

    refuses(
        line.replaceAll("\"cause\":\"[a-z_]*\"", "\"cause\":\"boredom\""),
        "escalation.raised: data.escalation.cause is the text \"boredom\", not one of"
            + " [attempts_used_up, merge, no_progress, post_hook, pre_hook, push_in_doubt, question]");
  }

  @Test
  void a_type_or_version_of_the_future_is_told_apart_from_damage() {
    refuses(FAILED.replace("task.failed", "task.exploded"), "newer agent-runner");
    refuses(FAILED.replace("\"v\":1", "\"v\":2"), "task.failed: version 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "[]", "{", "{}", "{}{}", "null", "{\"type\":", "{\"type\":\"\u0000\"}"})
  void what_is_no_event_is_refused(String line) {
    assertThatExceptionOfType(UnreadableJsonException.class).isThrownBy(() -> read(line));
  }

  @Test
  void a_line_cut_anywhere_is_refused() {
    for (int length = 0; length < FAILED.length(); length++) {
      String cut = FAILED.substring(0, length);
      assertThatExceptionOfType(UnreadableJsonException.class)
          .as("cut after %d", length)
          .isThrownBy(() -> read(cut));
    }
  }

  @Test
  void a_long_text_is_kept_apart_and_comes_back() {
    var bodies = new MemoryBodies();
    String text = "é".repeat(Bodies.INLINE_BYTES_MAX);
    Recorded recorded = Samples.recorded(1, new RunEvent.TaskFailed(TASK, text));

    byte[] line = new EventJson(bodies).write(Samples.RUN, recorded, EventJson.NO_LINE);

    assertThat(new String(line, UTF_8))
        .contains(
            "\"data\":{\"reason\":{\"$artifact\":\"%s\",\"bytes\":131072}}"
                .formatted(bodies.kept.keySet().iterator().next()));
    assertThat(new EventJson(bodies).read(line, 0, line.length).recorded()).isEqualTo(recorded);
  }

  @Test
  void a_text_just_short_enough_stays_in_its_line() {
    var bodies = new MemoryBodies();
    var json = new EventJson(bodies);

    write(json, "x".repeat(Bodies.INLINE_BYTES_MAX));
    assertThat(bodies.kept).isEmpty();

    write(json, "x".repeat(Bodies.INLINE_BYTES_MAX + 1));
    assertThat(bodies.kept).hasSize(1);
  }

  @Test
  void a_long_text_that_has_no_utf8_stays_in_its_line_and_comes_back() {
    var bodies = new MemoryBodies();
    Recorded recorded =
        Samples.recorded(1, new RunEvent.TaskFailed(TASK, "x".repeat(100_000) + "\ud83d"));

    byte[] line = new EventJson(bodies).write(Samples.RUN, recorded, EventJson.NO_LINE);

    assertThat(bodies.kept).isEmpty();
    assertThat(new EventJson(bodies).read(line, 0, line.length).recorded()).isEqualTo(recorded);
  }

  private static void write(EventJson json, String text) {
    json.write(
        Samples.RUN, Samples.recorded(1, new RunEvent.TaskFailed(TASK, text)), EventJson.NO_LINE);
  }

  private EventJson.Line read(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    return json.read(bytes, 0, bytes.length);
  }

  private void refuses(String line, String saying) {
    assertThatExceptionOfType(UnreadableJsonException.class)
        .isThrownBy(() -> read(line))
        .withMessageContaining(saying);
  }
}
