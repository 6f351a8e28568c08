package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One attempt's talk with the model, as far as it has come.
 *
 * @param messages all that was said, results of finished tool turns included
 * @param replies how many the model gave
 * @param tokens spent on them
 * @param results of the calls of the last reply that were answered so far, in order
 * @param begun the call being answered, once it was written down
 * @param approval the question about the next call, if it needs a person's leave
 * @param asked whether an answer from the model is outstanding
 * @param troubles the last failures in a row
 * @param since when the conversation began; moved forward by whatever time was spent waiting
 */
public record Conversation(
    String provider,
    String model,
    List<Message> messages,
    int replies,
    long tokens,
    List<ToolResult> results,
    Optional<RunEvent.ToolCalled> begun,
    Optional<Approval> approval,
    boolean asked,
    Troubles troubles,
    Instant since) {

  static final String FINISH = "finish";

  private static final String GO_ON_AFTER_CUT =
      "Your last reply was cut off at the output limit. Go on from where it ends, in smaller steps.";
  private static final String GO_ON_AFTER_NOTHING =
      "Your last reply was empty. Go on with the task, or call finish if it is done.";

  public Conversation {
    messages = List.copyOf(messages);
    results = List.copyOf(results);
  }

  /**
   * Calls that failed in a row.
   *
   * @param count since the last reply
   * @param last the newest one
   * @param retryAt when the next try is due; empty if there is to be none
   */
  public record Troubles(int count, Optional<ModelFailure> last, Optional<Instant> retryAt) {
    static final Troubles NONE = new Troubles(0, Optional.empty(), Optional.empty());
  }

  /**
   * One that begins with {@code prompt}.
   *
   * @param session an echo of what was said before, which goes in front of it
   */
  static Conversation opening(
      String provider, String model, Optional<Echo> session, String prompt, Instant at) {
    List<Message> messages = new ArrayList<>();
    session.map(echo -> remembered(model, echo)).ifPresent(messages::add);
    messages.add(new Message.User(prompt));
    return new Conversation(
        provider,
        model,
        messages,
        0,
        0,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        Troubles.NONE,
        at);
  }

  /** All that was said so far, in the keeping of the other side, which will go on with it. */
  private static Message remembered(String model, Echo echo) {
    return new Message.Assistant(
        new Reply(model, List.of(), Stop.PAUSED, "", Usage.NONE, Optional.of(echo)));
  }

  /** The call of the last reply that is to be answered next; empty when all are. */
  Optional<ToolCall> nextCall() {
    return lastReply()
        .map(Reply::calls)
        .filter(calls -> results.size() < calls.size())
        .map(calls -> calls.get(results.size()));
  }

  /** The reply that ends the conversation so far; empty when it is the model's turn. */
  Optional<Reply> lastReply() {
    return messages.getLast() instanceof Message.Assistant(Reply reply)
        ? Optional.of(reply)
        : Optional.empty();
  }

  /** Whether the model has the floor, and has not been asked yet. */
  boolean isTurnOfModel() {
    return !asked && lastReply().isEmpty();
  }

  /** With something that a person adds of their own accord. */
  Conversation hearing(String text) {
    List<Message> said = new ArrayList<>(messages);
    said.add(new Message.User("A person in charge says: " + text));
    return with(said, results, begun, asked, troubles, since);
  }

  boolean anyResultFailed() {
    return results.stream().anyMatch(ToolResult::failed);
  }

  Conversation asking() {
    return with(messages, results, begun, true, troubles, since);
  }

  Conversation interrupted() {
    return with(messages, results, begun, false, troubles, since);
  }

  Conversation calling(RunEvent.ToolCalled called) {
    return with(messages, results, Optional.of(called), asked, troubles, since);
  }

  Conversation requesting(RunEvent.ApprovalRequested requested, Instant at) {
    return with(Optional.of(Approval.open(requested, at)), since);
  }

  /** With the answer to the open question; the time it took does not count. */
  Conversation consenting(RunEvent.ApprovalGiven given, Instant at) {
    Duration wait = approval.map(open -> Duration.between(open.since(), at)).orElse(Duration.ZERO);
    return with(approval.map(open -> open.answered(given)), since.plus(wait));
  }

  /** With {@code reply} said, and with our remark on it where it needs one to go on. */
  Conversation hearing(Reply reply) {
    List<Message> said = new ArrayList<>(messages);
    if (!reply.parts().isEmpty()
        || reply.stop() == Stop.REFUSED
        || reply.stop() == Stop.CONTEXT_FULL) {
      said.add(new Message.Assistant(reply));
    } // Otherwise an empty turn, which providers refuse as history.
    remarkOn(reply).map(Message.User::new).ifPresent(said::add);
    return new Conversation(
        provider,
        model,
        said,
        replies + 1,
        tokens + reply.usage().totalTokens(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        Troubles.NONE,
        since);
  }

  private static Optional<String> remarkOn(Reply reply) {
    boolean silent =
        reply.text().isBlank()
            && reply.parts().stream()
                .noneMatch(part -> part instanceof Part.Call || part instanceof Part.Deed);
    return switch (reply.stop()) {
      case OUTPUT_LIMIT ->
          reply.calls().isEmpty() ? Optional.of(GO_ON_AFTER_CUT) : Optional.empty();
      case END, TOOLS, OTHER -> silent ? Optional.of(GO_ON_AFTER_NOTHING) : Optional.empty();
      case PAUSED, REFUSED, CONTEXT_FULL -> Optional.empty();
    };
  }

  /** With one more call answered; when it was the last of its reply, the model has the floor. */
  Conversation answering(ToolResult result) {
    List<ToolResult> answered = new ArrayList<>(results);
    answered.add(result);
    int calls = lastReply().map(reply -> reply.calls().size()).orElse(0);
    if (answered.size() < calls) {
      return with(messages, answered, Optional.empty(), asked, troubles, since)
          .with(Optional.empty(), since);
    }
    List<Message> said = new ArrayList<>(messages);
    said.add(new Message.Results(answered));
    Repetition.in(said).remark(calls).map(Message.User::new).ifPresent(said::add);
    return with(said, List.of(), Optional.empty(), asked, troubles, since)
        .with(Optional.empty(), since);
  }

  /** With a person's answer to what the model asked; the attempt has all its time again. */
  Conversation told(String question, String text, Instant at) {
    String answer = "A person answers: " + text;
    Conversation talk =
        nextCall()
            .map(call -> answering(new ToolResult(call.id(), call.name(), answer, false)))
            .orElseGet(() -> saying("You asked: " + question + "\n" + answer));
    return talk.with(talk.approval, at);
  }

  /** An agent that remembers nothing is told all of this again, but not its own words. */
  private Conversation saying(String words) {
    List<Message> said = new ArrayList<>(messages);
    said.add(new Message.User(words));
    return with(said, results, begun, asked, troubles, since);
  }

  Conversation failing(RunEvent.ModelFailed failed, Instant at) {
    Duration wait = failed.retryAt().map(due -> Duration.between(at, due)).orElse(Duration.ZERO);
    List<Message> said = new ArrayList<>(messages);
    failed
        .session()
        .ifPresent(echo -> {
          if (!(said.getLast() instanceof Message.User)) {
            said.removeLast(); // What was remembered before; the new echo stands for that too.
          }
          said.add(remembered(model, echo));
        });
    return new Conversation(
        provider,
        model,
        said,
        replies,
        tokens + failed.usage().totalTokens(),
        results,
        begun,
        approval,
        false,
        new Troubles(troubles.count() + 1, Optional.of(failed.failure()), failed.retryAt()),
        since.plus(wait));
  }

  /**
   * As another provider goes on with it.
   *
   * @param fresh from the prompt, because what was said means nothing to it
   */
  Conversation movedTo(String other, String itsModel, boolean fresh) {
    return new Conversation(
        other,
        itsModel,
        fresh ? List.of(prompt()) : messages,
        replies,
        tokens,
        fresh ? List.of() : results,
        fresh ? Optional.empty() : begun,
        fresh ? Optional.empty() : approval,
        false,
        Troubles.NONE,
        since);
  }

  private Message prompt() {
    return messages.stream()
        .filter(Message.User.class::isInstance)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a conversation without a prompt"));
  }

  /** As it goes on after {@code pause}: old troubles do not count, nor does the time. */
  Conversation resumed(Duration pause) {
    return with(messages, results, begun, asked, Troubles.NONE, since.plus(pause))
        .with(approval.map(open -> open.later(pause)), since.plus(pause));
  }

  private Conversation with(Optional<Approval> approval, Instant since) {
    return new Conversation(
        provider, model, messages, replies, tokens, results, begun, approval, asked, troubles,
        since);
  }

  private Conversation with(
      List<Message> messages,
      List<ToolResult> results,
      Optional<RunEvent.ToolCalled> begun,
      boolean asked,
      Troubles troubles,
      Instant since) {
    return new Conversation(
        provider, model, messages, replies, tokens, results, begun, approval, asked, troubles,
        since);
  }
}
