package dev.agentrunner.adapter.recording;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.core.secret.MaskedTalk;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.StopSignal;

/**
 * A model whose answers are written down: its replies, and the failures that asking again would not
 * change. They stand in the cassette before anybody is told of them, and without secrets: a
 * cassette is meant to be shown to others.
 */
public final class RecordingModel implements ChatModel {

  private final ChatModel model;
  private final CassetteFile cassette;
  private final MaskedTalk masked;

  public RecordingModel(ChatModel model, CassetteFile cassette, Mask mask) {
    this.model = model;
    this.cassette = cassette;
    this.masked = new MaskedTalk(mask);
  }

  @Override
  public Answer ask(ChatRequest request, Watcher watcher, StopSignal stop) {
    Answer answer = masked.answer(model.ask(request, watcher, stop));
    if (lasts(answer)) {
      cassette.add(request, answer);
    }
    return answer;
  }

  private static boolean lasts(Answer answer) {
    return switch (answer) {
      case Answer.Replied _ -> true;
      case Answer.Failed(ModelFailure failure, _, _) ->
          switch (failure) {
            case ModelFailure.Denied _, ModelFailure.Unusable _ -> true;
            case ModelFailure.Transient _, ModelFailure.Window _, ModelFailure.Canceled _ -> false;
          };
    };
  }
}
