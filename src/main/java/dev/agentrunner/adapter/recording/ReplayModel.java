package dev.agentrunner.adapter.recording;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.StopSignal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Answers from a cassette. An answer is found by task, attempt and turn, so a run that was stopped
 * goes on where it was.
 */
public final class ReplayModel implements ChatModel {

  private final Path file;
  private final Match match;
  private final Cassette cassette;

  private ReplayModel(Path file, Match match, Cassette cassette) {
    this.file = file;
    this.match = match;
    this.cassette = cassette;
  }

  /**
   * @param notices is told what a person should know, such as that the end of the file does not
   *     count
   * @throws dev.agentrunner.port.UsageException if there is no such cassette, or it is damaged
   */
  public static ReplayModel open(Path file, Match match, Consumer<String> notices) {
    Cassette cassette = CassetteReader.read(file);
    if (cassette.torn()) {
      notices.accept(
          file
              + ": the last answer was cut off while it was recorded and does not count;"
              + " if it is whole, close it with a line of three dots");
    }
    return new ReplayModel(file, match, cassette);
  }

  @Override
  public Answer ask(ChatRequest request, Watcher watcher, StopSignal stop) {
    if (stop.requested()) {
      return failed(new ModelFailure.Canceled("The call was given up on request."));
    }
    Cassette.Entry entry = cassette.entries().get(request.call());
    if (entry == null) {
      return failed(
          new ModelFailure.Unusable(
              "The cassette %s has no answer for %s. Record it with --record %s."
                  .formatted(file, request.call(), file)));
    }
    Optional<String> difference =
        match == Match.LOOSE
            ? Optional.empty()
            : Difference.between(
                entry.asked(), Asked.of(request), cassette.systemTexts(), request.system());
    if (difference.isPresent()) {
      return failed(
          new ModelFailure.Unusable(
              """
              %s:%d: the answer for %s was recorded for another question.
              %s
              Record it again with --record %s, or play it whatever is asked with match: loose.\
              """
                  .formatted(file, entry.line(), request.call(), difference.get(), file)));
    }
    return switch (entry.answer()) {
      case Answer.Replied(Reply reply) -> {
        show(reply, watcher);
        yield new Answer.Replied(named(reply, request.model()));
      }
      case Answer.Failed failed -> failed;
    };
  }

  /** Cassettes written by hand need not say which model answers. */
  private static Reply named(Reply reply, String model) {
    return reply.model().isEmpty()
        ? new Reply(
            model, reply.parts(), reply.stop(), reply.stopDetail(), reply.usage(), reply.echo())
        : reply;
  }

  private static Answer failed(ModelFailure failure) {
    return new Answer.Failed(failure, Usage.NONE);
  }

  private static void show(Reply reply, Watcher watcher) {
    for (Part part : reply.parts()) {
      switch (part) {
        case Part.Text(String text) -> watcher.text(text);
        case Part.Thinking(String text) -> watcher.thinking(text);
        case Part.Call(ToolCall call) -> watcher.call(call.name());
        case Part.Deed _ -> {}
      }
    }
  }
}
