package dev.agentrunner.adapter.http;

import dev.agentrunner.port.ChatModel;
import java.util.Optional;

/** A model that is asked over HTTP. */
public interface HttpModel extends ChatModel {

  /**
   * Why no call can succeed, as far as one can tell without making one; empty if nothing is known
   * against it.
   */
  Optional<String> missing();

  /** Whether it must not be offered tools, as it has no use for them. */
  default boolean lacksTools() {
    return false;
  }
}
