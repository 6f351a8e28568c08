package dev.agentrunner.adapter.openai;

import java.util.HashSet;
import java.util.Set;

/** Gives the calls of one reply ids of their own where a server gives none, or one twice. */
final class CallIds {

  private final Set<String> taken = new HashSet<>();
  private int calls;

  /**
   * @param given may be empty
   */
  String next(String given) {
    calls++;
    String id = given;
    for (int i = calls; id.isBlank() || !taken.add(id); i++) {
      id = "call_" + i;
      if (taken.add(id)) {
        return id;
      }
    }
    return id;
  }
}
