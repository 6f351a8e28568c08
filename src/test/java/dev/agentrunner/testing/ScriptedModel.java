package dev.agentrunner.testing;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.ModelPrice;
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

  /** Of whatever it is asked for; nobody knows by default. */
  public Optional<ModelPrice> price = Optional.empty();

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

  /** An agent's command line did something and remembers the conversation as {@code session}. */
  public static Answer did(String tool, String subject, String session) {
    return new Answer.Replied(
        new Reply(
            "scripted-1",
            List.of(new Part.Deed(tool, subject, false), new Part.Text("Did it.")),
            Stop.END,
            "",
            new Usage(10, 0, 0, 5, 0, true),
            Optional.of(session(session))));
  }

  public static Echo session(String id) {
    return new Echo("scripted", "scripted-1", "\"" + id + "\"", true);
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

  public static ToolCall command(String id, String line) {
    return call(id, "run_command", Map.of("command", line));
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

  @Override
  public Optional<String> account(String provider) {
    return Optional.empty();
  }

  @Override
  public Cost cost(String provider, String model, Usage usage) {
    return price.map(known -> known.of(usage)).orElse(Cost.UNKNOWN);
  }
}
