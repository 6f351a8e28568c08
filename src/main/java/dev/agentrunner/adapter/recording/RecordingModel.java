package dev.agentrunner.adapter.recording;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.StopSignal;

/**
 * A model whose answers are written down: its replies, and the failures that asking again would not
 * change. They stand in the cassette before anybody is told of them.
 */
public final class RecordingModel implements ChatModel {

  private final ChatModel model;
  private final CassetteFile cassette;

  public RecordingModel(ChatModel model, CassetteFile cassette) {
    this.model = model;
    this.cassette = cassette;
  }

  @Override
  public Answer ask(ChatRequest request, Watcher watcher, StopSignal stop) {
    Answer answer = model.ask(request, watcher, stop);
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
