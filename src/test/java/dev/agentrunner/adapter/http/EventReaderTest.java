package dev.agentrunner.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okio.Buffer;
import org.junit.jupiter.api.Test;

final class EventReaderTest {

  @Test
  void an_event_has_a_name_and_data() throws IOException {
    assertThat(events("event: ping\ndata: {}\n\n")).containsExactly(event("ping", "{}"));
  }

  @Test
  void an_event_may_have_no_name() throws IOException {
    assertThat(events("data: 1\n\ndata: 2\n\n")).containsExactly(event("", "1"), event("", "2"));
  }

  @Test
  void lines_of_data_are_joined() throws IOException {
    assertThat(events("data: a\ndata:\ndata: b\n\n")).containsExactly(event("", "a\n\nb"));
  }

  @Test
  void one_blank_after_the_colon_does_not_count() throws IOException {
    assertThat(events("data:a\n\ndata:  b\n\ndata\n\n"))
        .containsExactly(event("", "a"), event("", " b"), event("", ""));
  }

  @Test
  void comments_ids_and_unknown_fields_are_passed_over() throws IOException {
    assertThat(events(": hello\nid: 7\nretry: 10\nnonsense\ndata: x\n\n: bye\n\n"))
        .containsExactly(event("", "x"));
  }

  @Test
  void an_event_without_data_is_none_and_its_name_is_forgotten() throws IOException {
    assertThat(events("event: a\n\ndata: x\n\n")).containsExactly(event("", "x"));
  }

  @Test
  void the_last_event_may_lack_its_end() throws IOException {
    assertThat(events("event: a\ndata: x")).containsExactly(event("a", "x"));
  }

  @Test
  void carriage_returns_end_lines_too() throws IOException {
    assertThat(events("event: a\r\ndata: x\r\n\r\ndata: y\r\r"))
        .containsExactly(event("a", "x"), event("", "y"));
  }

  @Test
  void plain_json_behind_events_is_one_more() throws IOException {
    assertThat(events("data: x\n\n{\n  \"error\": 1\n}\n"))
        .containsExactly(event("", "x"), event("", "{\n  \"error\": 1\n}"));
  }

  @Test
  void data_without_end_is_bounded_over_its_lines() {
    String much = "data: 12345\n".repeat(4);
    assertThatThrownBy(() -> new EventReader(new Buffer().writeUtf8(much), 20).next())
        .isInstanceOf(OversizeException.class);
  }

  private static ServerSentEvent event(String name, String data) {
    return new ServerSentEvent(name, data);
  }

  private static List<ServerSentEvent> events(String stream) throws IOException {
    var reader = new EventReader(new Buffer().writeUtf8(stream));
    List<ServerSentEvent> events = new ArrayList<>();
    for (Optional<ServerSentEvent> next = reader.next(); next.isPresent(); next = reader.next()) {
      events.add(next.get());
    }
    return events;
  }
}
