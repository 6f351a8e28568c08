package dev.agentrunner.adapter.text;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.agentrunner.engine.AgentTools;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.testing.NotedReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TextModelTest {

  private static final String BLOCK = "a.py\n<<<<<<< SEARCH\none\n=======\ntwo\n>>>>>>> REPLACE\n";

  private final List<ChatRequest> asked = new ArrayList<>();
  private final NotedReply noted = new NotedReply();
  private Stop stop = Stop.END;

  @Test
  void tools_are_told_in_the_system_prompt_and_never_offered() {
    ask("READ a.py", new Message.User("Do it."));

    ChatRequest request = asked.getFirst();
    assertThat(request.tools()).isEmpty();
    assertThat(request.system())
        .startsWith("Be good.\n\n# How you work")
        .contains(
            "READ path",
            "LIST folder",
            "FIND text",
            "<<<<<<< SEARCH",
            "DONE what",
            "CALL run_command {…}");
  }

  @Test
  void tools_without_words_of_their_own_are_told_with_their_parameters() {
    var tool = new ToolSpec("run_command", "Runs a command.", Map.of("type", "object"));

    assertThat(Manual.behind("", List.of(tool)))
        .contains("Runs a command.", "CALL run_command {…}", "{\"type\":\"object\"}")
        .doesNotContain("READ", "DONE");
  }

  @Test
  void a_reply_keeps_its_words_beside_the_calls_read_from_them() {
    Reply reply = ask("I look.\nREAD a.py", new Message.User("Do it."));

    assertThat(reply.parts())
        .containsExactly(
            new Part.Text("I look.\nREAD a.py"),
            new Part.Call(
                new ToolCall("text_1", "read_file", new ToolCall.Valid(Map.of("path", "a.py")))));
    assertThat(reply.stop()).isEqualTo(Stop.TOOLS);
    assertThat(reply.echo()).isEmpty();
    assertThat(noted.calls()).containsExactly("read_file");
  }

  @Test
  void what_came_of_requests_is_told_in_their_own_words() {
    Reply reply = ask("READ a.py 3-5\nFIND x(\n" + BLOCK, new Message.User("Do it."));
    ask(
        "DONE",
        new Message.User("Do it."),
        new Message.Assistant(reply),
        new Message.Results(
            List.of(
                new ToolResult("text_1", "read_file", "one\n", false),
                new ToolResult("text_2", "search_text", "(no line matches)", false),
                new ToolResult(
                    "text_3",
                    "edit_file",
                    "old_text stands in 2 places; add lines around it until it is unique, or set replace_all",
                    true))));

    List<Message> told = asked.get(1).messages();
    assertThat(told).hasSize(3);
    assertThat(((Message.Assistant) told.get(1)).reply().parts())
        .containsExactly(new Part.Text(reply.text()));
    assertThat(((Message.User) told.get(2)).text())
        .isEqualTo(
            """
            === READ a.py 3-5
            one

            === FIND x(
            (no line matches)

            === Block 1 (a.py) — NOT DONE
            SEARCH stands in 2 places; add lines around it until it is unique

            Blocks that are not done changed nothing. Write them anew, with SEARCH copied from the file as it is now.
            Go on. When the task is done, write DONE and what you did.\
            """);
  }

  @Test
  void a_broken_block_comes_back_with_its_number_and_what_is_wrong() {
    Reply reply =
        ask(BLOCK + "b.py\n<<<<<<< SEARCH\none\n>>>>>>> REPLACE\n", new Message.User("Do it."));
    ask(
        "DONE",
        new Message.User("Do it."),
        new Message.Assistant(reply),
        new Message.Results(
            List.of(
                new ToolResult("text_1", "edit_file", "Edited a.py.", false),
                new ToolResult("text_2", "edit_file", "The arguments are no JSON object", true))));

    assertThat(((Message.User) asked.get(1).messages().getLast()).text())
        .contains(
            "=== Block 1 (a.py)\nEdited a.py.\n", "=== Block 2 — NOT DONE\nLine 8 of the reply")
        .doesNotContain("JSON");
  }

  @Test
  void a_reply_that_asks_for_nothing_is_sent_back_once() {
    Reply first = ask("I changed it.", new Message.User("Do it."));
    ToolCall call = first.calls().getFirst();
    Reply second =
        ask(
            "As I said.",
            new Message.User("Do it."),
            new Message.Assistant(first),
            new Message.Results(List.of(new ToolResult(call.id(), call.name(), "no", true))));

    assertThat(first.stop()).isEqualTo(Stop.TOOLS);
    assertThat(((Message.User) asked.get(1).messages().getLast()).text())
        .startsWith("Your reply asked for nothing");
    assertThat(second.calls()).isEmpty();
    assertThat(second.stop()).isEqualTo(Stop.END);
  }

  @Test
  void a_block_cut_by_the_output_limit_is_broken_and_the_limit_told() {
    stop = Stop.OUTPUT_LIMIT;
    Reply reply = ask("a.py\n<<<<<<< SEARCH\none", new Message.User("Do it."));

    assertThat(reply.stop()).isEqualTo(Stop.OUTPUT_LIMIT);
    assertThat(reply.calls())
        .singleElement()
        .extracting(ToolCall::arguments)
        .isInstanceOf(ToolCall.Broken.class);
  }

  @Test
  void a_refused_reply_is_not_looked_into() {
    stop = Stop.REFUSED;

    assertThat(ask("READ a.py", new Message.User("Do it.")).calls()).isEmpty();
  }

  @Test
  void calls_that_another_model_made_are_told_in_words() {
    var call = new ToolCall("toolu_1", "read_file", new ToolCall.Valid(Map.of("path", "a.py")));
    var reply =
        new Reply("m", List.of(new Part.Call(call)), Stop.TOOLS, "", Usage.NONE, Optional.empty());
    ask("DONE", new Message.User("Do it."), new Message.Assistant(reply));

    assertThat(((Message.Assistant) asked.getFirst().messages().getLast()).reply().text())
        .isEqualTo("READ a.py");
  }

  @Test
  void without_tools_the_question_goes_on_as_it_is() {
    var request =
        new ChatRequest(
            new CallId("T1", 1, 1), "m", "", List.of(new Message.User("Hi")), List.of(), 9);

    Answer answer = model("READ x").ask(request, noted, new StopSignal());

    assertThat(asked).containsExactly(request);
    assertThat(((Answer.Replied) answer).reply().calls()).isEmpty();
  }

  @Test
  void a_failure_is_handed_on() {
    var failed = new Answer.Failed(new ModelFailure.Denied("no"), Usage.NONE);

    assertThat(new TextModel((_, _, _) -> failed).ask(request(), noted, new StopSignal()))
        .isSameAs(failed);
  }

  private Reply ask(String said, Message... messages) {
    Answer answer = model(said).ask(request(messages), noted, new StopSignal());
    return ((Answer.Replied) answer).reply();
  }

  private TextModel model(String said) {
    return new TextModel((request, _, _) -> {
      asked.add(request);
      return new Answer.Replied(
          new Reply(
              "m",
              List.of(new Part.Text(said)),
              stop,
              "",
              Usage.NONE,
              Optional.of(new Echo("w", "m", "{}"))));
    });
  }

  private static ChatRequest request(Message... messages) {
    return new ChatRequest(
        new CallId("T1", 1, 1), "m", "Be good.", List.of(messages), AgentTools.specs(), 100);
  }
}
