package dev.agentrunner.adapter.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.testing.NotedReply;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CassetteTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
  private static final Usage USAGE = new Usage(1, 2, 3, 4, 0, true);
  private static final Message HI = new Message.User("Write a hello.\nIn Python.\n");

  @TempDir private Path folder;
  private Path file;
  private final List<String> notices = new ArrayList<>();

  @BeforeEach
  void name_the_cassette() {
    file = folder.resolve("hello.yml");
  }

  // Recorded and played

  @Test
  void what_was_recorded_is_played_again() {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("path", "src/hello.py");
    arguments.put("text", "def hello():\n    return 'hi'  # no\n");
    arguments.put("big", new BigInteger("123456789012345678901"));
    arguments.put("small", new BigDecimal("0.10"));
    arguments.put("list", Arrays.asList(1L, "1", true, "true", null, Map.of()));
    Reply reply =
        new Reply(
            "claude-x-1",
            List.of(
                new Part.Thinking("Hm:\n- a"),
                new Part.Text("no"),
                new Part.Call(new ToolCall("c1", "write_file", new ToolCall.Valid(arguments))),
                new Part.Call(
                    new ToolCall("c2", "write_file", new ToolCall.Broken("{\"p", "cut off")))),
            Stop.OUTPUT_LIMIT,
            "max_tokens",
            USAGE,
            Optional.of(new Echo("anthropic-messages", "claude-x", "[{\"a\": \"b\\n\"}]")));

    record(request(1, HI), new Answer.Replied(reply));

    assertThat(play(Match.STRICT, request(1, HI))).isEqualTo(new Answer.Replied(reply));
  }

  @Test
  void a_cassette_is_pleasant_to_read() throws IOException {
    record(request(1, HI), said("Hello.\nWorld."));
    Message result =
        new Message.Results(
            List.of(new ToolResult("c1", "read_file", "def hello():\n    pass\n", true)));
    record(request(2, HI, assistant(), result), said("Done."));

    String digest = Asked.of(request(1, HI)).system().orElseThrow();
    String tools = Asked.of(request(1, HI)).tools().orElseThrow().digest();
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            ---
            cassette: 1
            provider: claude
            model: claude-x
            recorded: 2026-11-21
            ...
            ---
            task: T1
            attempt: 1
            turn: 1
            request:
              model: claude-x
              system: %1$s
              tools: %2$s
              tool_names:
                - read_file
              new:
                - user: |
                    Write a hello.
                    In Python.
              system_text: |-
                Be good.
                Be brief.
            reply:
              model: claude-x
              parts:
                - text: |-
                    Hello.
                    World.
              stop: end
              usage:
                input: 1
                cache_read: 2
                cache_write: 3
                output: 4
                reasoning: 0
                exact: true
            ...
            ---
            task: T1
            attempt: 1
            turn: 2
            request:
              model: claude-x
              system: %1$s
              tools: %2$s
              tool_names:
                - read_file
              new:
                - results:
                    - call: c1
                      name: read_file
                      failed: true
                      text: |
                        def hello():
                            pass
            reply:
              model: claude-x
              parts:
                - text: Done.
              stop: end
              usage:
                input: 1
                cache_read: 2
                cache_write: 3
                output: 4
                reasoning: 0
                exact: true
            ...
            """
                .formatted(digest, tools));
  }

  @Test
  void any_text_comes_back_as_it_was() {
    Random random = new Random(42);
    String[] pieces = {
      "a",
      " ",
      "  ",
      "\n",
      "\n\n",
      "\t",
      "\r",
      "\r\n",
      "#",
      ": ",
      "- ",
      "'",
      "\"",
      "\\",
      "...",
      "---",
      "|",
      ">",
      "&a",
      "*a",
      "!t",
      "%",
      "@",
      "`",
      "{",
      "}",
      "[",
      "]",
      ",",
      "?",
      "~",
      "null",
      "yes",
      "1",
      "0x1",
      "1e3",
      "2026-11-21",
      "\u0000",
      "\u0007",
      "\u001b",
      "\u0085",
      "\u00a0",
      "\u2028",
      "\uFEFF",
      "\uFFFE",
      "é",
      "🦆",
      "\u007f"
    };
    List<String> texts = new ArrayList<>(List.of(pieces));
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(8); n >= 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      texts.add(text.toString());
    }
    Map<String, Object> arguments = new LinkedHashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      arguments.put("k" + i, texts.get(i));
      arguments.put("é" + texts.get(i), (long) i);
    }
    var call = new ToolCall("c1", "f", new ToolCall.Valid(arguments));
    Reply reply =
        new Reply("m", List.of(new Part.Call(call)), Stop.TOOLS, "", USAGE, Optional.empty());

    record(request(1, HI), new Answer.Replied(reply));

    Reply played = ((Answer.Replied) play(Match.STRICT, request(1, HI))).reply();
    Map<String, Object> back = ((ToolCall.Valid) played.calls().getFirst().arguments()).values();
    List<String> changed =
        texts.stream().filter(t -> !t.equals(back.get("k" + texts.indexOf(t)))).toList();
    assertThat(changed).extracting(CassetteTest::escaped).isEmpty();
    assertThat(back).isEqualTo(arguments);
  }

  @Test
  void half_a_character_becomes_a_question_mark_on_both_sides() {
    Message half = new Message.User("\ud83e!");
    record(request(1, half), said("\udd86"));

    assertThat(play(Match.STRICT, request(1, half))).isEqualTo(said("?"));
  }

  @Test
  void failures_that_last_are_recorded_and_those_that_pass_are_not() {
    Answer denied = new Answer.Failed(new ModelFailure.Denied("no: key"), Usage.NONE);
    Answer unusable = new Answer.Failed(new ModelFailure.Unusable("too long"), USAGE);
    Answer passing =
        new Answer.Failed(new ModelFailure.Transient("oh", Optional.empty()), Usage.NONE);
    record(request(1, HI), denied);
    record(request(2, HI), unusable);
    record(request(3, HI), passing);

    assertThat(play(Match.STRICT, request(1, HI))).isEqualTo(denied);
    assertThat(play(Match.STRICT, request(2, HI))).isEqualTo(unusable);
    assertThat(message(play(Match.STRICT, request(3, HI)))).contains("no answer for");
  }

  @Test
  void what_is_played_is_shown() {
    record(request(1, HI), said("Hello."));
    NotedReply noted = new NotedReply();

    replay(Match.STRICT).ask(request(1, HI), noted, new StopSignal());

    assertThat(noted.text()).isEqualTo("Hello.");
  }

  @Test
  void after_a_stop_nothing_is_played() {
    record(request(1, HI), said("Hello."));
    StopSignal stop = new StopSignal();
    stop.request();

    assertThat(replay(Match.STRICT).ask(request(1, HI), new NotedReply(), stop))
        .isInstanceOfSatisfying(
            Answer.Failed.class,
            failed -> assertThat(failed.failure()).isInstanceOf(ModelFailure.Canceled.class));
  }

  // Recording on top of what is there

  @Test
  void a_later_answer_to_the_same_question_replaces_an_earlier_one() {
    record(request(1, HI), said("one"));
    record(request(1, HI), said("two"));

    assertThat(play(Match.STRICT, request(1, HI))).isEqualTo(said("two"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"some notes\n", "key: value\n", "- a\n", "cassette: 2\n", "{"})
  void what_is_no_cassette_is_left_alone(String content) throws IOException {
    Files.writeString(file, content);

    assertThatThrownBy(this::open)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("hello.yml:1:");
    assertThat(Files.readString(file)).isEqualTo(content);
  }

  @Test
  void a_cassette_written_by_hand_is_not_recorded_over() throws IOException {
    Files.writeString(file, "cassette: 1\n");

    assertThatThrownBy(this::open)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("by hand");
  }

  @Test
  void two_runs_do_not_record_into_one_cassette() {
    try (CassetteFile first = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("another run");
      assertThat(first).isNotNull();
    }
  }

  @Test
  void an_empty_file_becomes_a_cassette() throws IOException {
    Files.createFile(file);
    record(request(1, HI), said("one"));

    assertThat(play(Match.STRICT, request(1, HI))).isEqualTo(said("one"));
  }

  // Killed while recording

  @Test
  void a_recording_killed_at_any_byte_still_plays_what_was_whole() throws IOException {
    record(request(1, HI), said("one\n..."));
    int whole = Files.readAllBytes(file).length;
    record(request(2, HI, assistant(), HI), said("zwölf 🦆\n..."));
    byte[] all = Files.readAllBytes(file);

    for (int kept = whole; kept < all.length; kept++) {
      notices.clear();
      Files.write(file, Arrays.copyOf(all, kept));

      assertThat(play(Match.STRICT, request(1, HI))).isEqualTo(said("one\n..."));
      assertThat(message(play(Match.STRICT, request(2, HI, assistant(), HI))))
          .contains("no answer");
      assertThat(notices.isEmpty()).as("kept %d of %d", kept, all.length).isEqualTo(kept == whole);
    }
  }

  @Test
  void recording_goes_on_behind_what_was_whole() throws IOException {
    record(request(1, HI), said("one"));
    byte[] one = Files.readAllBytes(file);
    record(request(2, HI), said("two"));
    byte[] both = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(both, one.length + 40));

    record(request(2, HI), said("two"));

    assertThat(notices).singleElement().asString().contains("cut off");
    assertThat(Files.readAllBytes(file)).isEqualTo(both);
  }

  @Test
  void line_ends_of_another_system_do_no_harm() throws IOException {
    record(request(1, HI), said("one\ntwo"));
    Files.writeString(file, Files.readString(file).replace("\n", "\r\n"));
    record(request(2, HI), said("three"));

    assertThat(play(Match.STRICT, request(1, HI))).isEqualTo(said("one\ntwo"));
    assertThat(play(Match.STRICT, request(2, HI))).isEqualTo(said("three"));
    assertThat(notices).isEmpty();
  }

  @Test
  void a_recording_in_which_nothing_is_closed_is_damaged() throws IOException {
    String content = "cassette: 1\nrecorded: 2026-11-21\n";
    Files.writeString(file, content);

    assertThatThrownBy(this::open)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("three dots");
    assertThat(Files.readString(file)).isEqualTo(content);
  }

  // Strict and loose

  @Test
  void another_question_is_told_apart_line_by_line() {
    record(request(1, HI), said("one"));
    Message other = new Message.User("Write a hello.\nIn Pascal.\n");

    assertThat(message(play(Match.STRICT, request(1, other))))
        .isEqualTo(
            """
            %1$s:8: the answer for T1 attempt 1 turn 1 was recorded for another question.
            new message 1, from the user, differs in line 2 (- recorded, + asked):
            - In Python.
            + In Pascal.
                  ^
            Record it again with --record %1$s, or play it whatever is asked with match: loose.\
            """
                .formatted(file));
    assertThat(play(Match.LOOSE, request(1, other))).isEqualTo(said("one"));
  }

  @Test
  void a_question_may_differ_in_any_part() {
    record(request(1, HI), said("one"));
    ChatRequest asked = request(1, HI);
    CallId call = asked.call();
    var writes = new ToolSpec("write_file", "Writes.", Map.of());
    var reads = new ToolSpec("read_file", "Reads well.", Map.of());

    assertThat(
            message(
                play(
                    Match.STRICT,
                    new ChatRequest(
                        call, "claude-y", asked.system(), asked.messages(), asked.tools(), 9))))
        .contains("model: recorded is claude-x, asked is claude-y");
    assertThat(
            message(
                play(
                    Match.STRICT,
                    new ChatRequest(
                        call,
                        asked.model(),
                        "Be good.\nBe long.",
                        asked.messages(),
                        asked.tools(),
                        9))))
        .contains("the system text differs in line 2", "- Be brief.\n+ Be long.\n     ^");
    assertThat(message(play(Match.STRICT, withTools(asked, List.of(writes)))))
        .contains("tools: recorded only [read_file], asked only [write_file]");
    assertThat(message(play(Match.STRICT, withTools(asked, List.of(reads)))))
        .contains("the same names");
    assertThat(message(play(Match.STRICT, request(1, HI, HI))))
        .contains("recorded are 1, asked are 2");
    assertThat(
            message(
                play(
                    Match.STRICT,
                    request(
                        1,
                        new Message.Results(
                            List.of(new ToolResult("c1", "read_file", "x", false)))))))
        .contains("recorded is from the user, asked is the result of read_file (call c1)");
    assertThat(message(play(Match.STRICT, request(1, new Message.User("Write a hello.")))))
        .contains("recorded has 3 lines, asked has 1", "- In Python.");
  }

  @Test
  void the_order_of_tools_and_the_length_of_replies_make_no_other_question() {
    var reads = new ToolSpec("read_file", "Reads.", Map.of());
    var writes = new ToolSpec("write_file", "Writes.", Map.of());
    record(withTools(request(1, HI), List.of(reads, writes)), said("one"));

    assertThat(play(Match.STRICT, withTools(request(1, HI), List.of(writes, reads))))
        .isEqualTo(said("one"));
  }

  @Test
  void a_long_difference_is_shown_around_where_it_begins() {
    String much = "x".repeat(10_000);
    record(request(1, new Message.User(much + "\u001b" + much)), said("one"));

    String message = message(play(Match.STRICT, request(1, new Message.User(much + "!" + much))));

    assertThat(message).contains("\\u001bxx", "!xx").hasSizeLessThan(1000);
  }

  // Written by hand

  @Test
  void a_person_needs_to_write_little() throws IOException {
    Files.writeString(
        file,
        """
        cassette: 1
        ---
        task: T1
        turn: 1
        reply:
          text: Let me see.
          calls:
            - {name: read_file, arguments: {path: a.py, lines: 3, all: true}}
            - name: list_files
        ---
        task: T1
        turn: 2
        reply: Done.
        ---
        {"task": "T1", "turn": 3, "attempt": 2, "reply": {"stop": "refused", "usage": {"output": 5}}}
        """);

    Reply first = ((Answer.Replied) play(Match.STRICT, request(1, HI))).reply();
    assertThat(first)
        .isEqualTo(
            new Reply(
                "claude-x",
                List.of(
                    new Part.Text("Let me see."),
                    new Part.Call(
                        new ToolCall(
                            "call-1-1-1",
                            "read_file",
                            new ToolCall.Valid(Map.of("path", "a.py", "lines", 3L, "all", true)))),
                    new Part.Call(
                        new ToolCall("call-1-1-2", "list_files", new ToolCall.Valid(Map.of())))),
                Stop.TOOLS,
                "",
                new Usage(0, 0, 0, 0, 0, false),
                Optional.empty()));
    Reply second = ((Answer.Replied) play(Match.STRICT, request(2, HI))).reply();
    assertThat(second.text()).isEqualTo("Done.");
    assertThat(second.stop()).isEqualTo(Stop.END);
    ChatRequest again = new ChatRequest(new CallId("T1", 2, 3), "m", "", List.of(HI), List.of(), 9);
    Reply third = ((Answer.Replied) play(Match.STRICT, again)).reply();
    assertThat(third.stop()).isEqualTo(Stop.REFUSED);
    assertThat(third.usage()).isEqualTo(new Usage(0, 0, 0, 5, 0, true));
  }

  @Test
  void strings_stay_strings() throws IOException {
    Files.writeString(
        file,
        """
        cassette: 1
        ---
        task: 01
        turn: 1
        reply: no
        """);
    ChatRequest request =
        new ChatRequest(new CallId("01", 1, 1), "m", "", List.of(HI), List.of(), 9);

    assertThat(((Answer.Replied) play(Match.STRICT, request)).reply().text()).isEqualTo("no");
  }

  @Test
  void a_person_may_write_failures_that_pass() throws IOException {
    Files.writeString(
        file,
        """
        cassette: 1
        ---
        {task: T1, turn: 1, failure: {kind: transient, message: overloaded, retry_after: 1.5}}
        ---
        {task: T1, turn: 2, failure: {kind: window, resets_at: 2026-12-01T00:00:00Z}}
        """);

    assertThat(((Answer.Failed) play(Match.STRICT, request(1, HI))).failure())
        .isEqualTo(new ModelFailure.Transient("overloaded", Optional.of(Duration.ofMillis(1500))));
    assertThat(((Answer.Failed) play(Match.STRICT, request(2, HI))).failure())
        .isEqualTo(
            new ModelFailure.Window(
                "as the cassette says", Optional.of(Instant.parse("2026-12-01T00:00:00Z"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4:1: an entry needs task|turn: 1",
        "4:1: an entry needs turn|task: T1",
        "4:1: an entry needs reply|{task: T1, turn: 1}",
        "4:14: an entry has no trun; there are task, attempt, turn, request, reply, failure"
            + "|  {task: T1, trun: 1}",
        "4:18: turn is a whole number from 1|{task: T1, turn: 0}",
        "4:18: turn is a whole number from 1|{task: T1, turn: one}",
        "4:12: task stands here twice|{task: T1, task: T1, turn: 1}",
        "4:35: there is no stop over; there are end,|{task: T1, turn: 1, reply: {stop: over}}",
        "4:37: a call is a mapping of|{task: T1, turn: 1, reply: {calls: [read_file]}}",
        "4:58: arguments is a mapping"
            + "|{task: T1, turn: 1, reply: {calls: [{name: x, arguments: [1]}]}}",
        "4:37: there is no failure sad|{task: T1, turn: 1, failure: {kind: sad}}",
        "4:1: an entry is a mapping of|- a",
        "no YAML|{task: T1, turn: [1",
        "no YAML|task: \"T1",
      })
  void a_fault_is_told_with_its_place(String faultAndEntry) throws IOException {
    String[] parts = faultAndEntry.split("\\|", 2);
    Files.writeString(file, "# mine\ncassette: 1\n---\n" + parts[1] + "\n");

    assertThatThrownBy(() -> replay(Match.STRICT))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(file + ":")
        .hasMessageContaining(parts[0]);
  }

  @Test
  void deep_nesting_is_a_fault_and_not_a_crash() throws IOException {
    Files.writeString(file, "cassette: 1\n---\n" + "[".repeat(100_000));

    assertThatThrownBy(() -> replay(Match.STRICT)).isInstanceOf(UsageException.class);
  }

  @Test
  void a_cassette_that_is_not_there_is_told() {
    assertThatThrownBy(() -> replay(Match.STRICT))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("there is no cassette " + file);
  }

  @Test
  void a_match_is_strict_or_loose() {
    assertThat(Match.of("strict")).isEqualTo(Match.STRICT);
    assertThat(Match.of("loose")).isEqualTo(Match.LOOSE);
    assertThatThrownBy(() -> Match.of("exact"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("strict or loose");
  }

  // Building blocks

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .forEach(c -> escaped.append(c > ' ' && c < 0x7f ? (char) c : "\\u%04x".formatted(c)));
    return escaped.toString();
  }

  private CassetteFile open() {
    return CassetteFile.open(file, "claude", "claude-x", TODAY, notices::add);
  }

  private void record(ChatRequest request, Answer answer) {
    ChatModel model = (asked, watcher, stop) -> answer;
    try (CassetteFile cassette = open()) {
      Answer told =
          new RecordingModel(model, cassette, Mask.OF_SHAPES)
              .ask(request, new NotedReply(), new StopSignal());
      assertThat(told).isEqualTo(answer);
    }
  }

  private ReplayModel replay(Match match) {
    return ReplayModel.open(file, match, notices::add);
  }

  private Answer play(Match match, ChatRequest request) {
    return replay(match).ask(request, new NotedReply(), new StopSignal());
  }

  private static String message(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Failed.class);
    ModelFailure failure = ((Answer.Failed) answer).failure();
    assertThat(failure).isInstanceOf(ModelFailure.Unusable.class);
    return failure.message();
  }

  private static ChatRequest request(int turn, Message... messages) {
    return new ChatRequest(
        new CallId("T1", 1, turn),
        "claude-x",
        "Be good.\nBe brief.",
        List.of(messages),
        List.of(new ToolSpec("read_file", "Reads.", Map.of("type", "object"))),
        4096);
  }

  private static ChatRequest withTools(ChatRequest asked, List<ToolSpec> tools) {
    return new ChatRequest(
        asked.call(), asked.model(), asked.system(), asked.messages(), tools, 8192);
  }

  private static Answer said(String text) {
    return new Answer.Replied(
        new Reply("claude-x", List.of(new Part.Text(text)), Stop.END, "", USAGE, Optional.empty()));
  }

  private static Message assistant() {
    return new Message.Assistant(((Answer.Replied) said("one")).reply());
  }
}
