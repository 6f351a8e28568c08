package dev.agentrunner.testing;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.Models;
import dev.agentrunner.port.Payer;
import dev.agentrunner.port.StopSignal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model that says, for each turn of each conversation, what the test wrote down. */
public final class ScriptedModel implements ChatModel, Models {

  private final Map<CallId, List<Answer>> script = new HashMap<>();
  private final Map<CallId, Integer> told = new HashMap<>();
  public final List<ChatRequest> requests = new ArrayList<>();

  /**
   * At that turn, answer so; several for one turn are given one after another, the last one for
   * ever.
   */
  public ScriptedModel at(String task, int attempt, int turn, Answer... answers) {
    script.put(new CallId(task, attempt, turn), List.of(answers));
    return this;
  }

  public static Answer says(String text) {
    return reply(Stop.END, new Part.Text(text));
  }

  public static Answer calls(ToolCall... calls) {
    Part[] parts = new Part[calls.length];
    for (int i = 0; i < calls.length; i++) {
      parts[i] = new Part.Call(calls[i]);
    }
    return reply(Stop.TOOLS, parts);
  }

  public static Answer reply(Stop stop, Part... parts) {
    return new Answer.Replied(
        new Reply(
            "scripted-1",
            List.of(parts),
            stop,
            "",
            new Usage(10, 0, 0, 5, 0, true),
            Optional.empty()));
  }

  public static Answer fails(ModelFailure failure) {
    return new Answer.Failed(failure, Usage.NONE);
  }

  public static ToolCall call(String id, String name, Map<String, Object> arguments) {
    return new ToolCall(id, name, new ToolCall.Valid(arguments));
  }

  public static ToolCall write(String id, String path, String content) {
    return call(id, "write_file", Map.of("path", path, "content", content));
  }

  public static ToolCall edit(String id, String path, String from, String to) {
    return call(id, "edit_file", Map.of("path", path, "old_text", from, "new_text", to));
  }

  public static ToolCall finish(String id) {
    return call(id, "finish", Map.of("summary", "did it"));
  }

  @Override
  public synchronized Answer ask(ChatRequest request, Watcher watcher, StopSignal stop) {
    requests.add(request);
    List<Answer> answers = script.get(request.call());
    if (answers == null) {
      throw new AssertionError("nothing was written down for " + request.call());
    }
    int nth = told.merge(request.call(), 1, Integer::sum);
    return answers.get(Math.min(nth, answers.size()) - 1);
  }

  @Override
  public ChatModel provider(String name, Task task) {
    return this;
  }

  @Override
  public Payer payer(AgentChoice choice) {
    return new Payer(choice.provider(), modelName(choice), "nobody's key", false);
  }

  @Override
  public String modelName(AgentChoice choice) {
    return choice.model().orElse("scripted-1");
  }
}
