package dev.agentrunner.adapter.ollama;

import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.port.ChatModel.Watcher;
import dev.agentrunner.port.StopSignal;

/** Where it is known what models can do. Safe for use by many threads. */
interface ModelCards {

  /** Says always the same of a model once it was found. */
  Finding of(String model, Watcher watcher, StopSignal stop);

  /** What came of a look. */
  sealed interface Finding {

    record Found(ModelCard card) implements Finding {}

    /** The model cannot be asked either. */
    record Failed(ModelFailure failure) implements Finding {}
  }
}
