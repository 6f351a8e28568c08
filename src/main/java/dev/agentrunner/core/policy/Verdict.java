package dev.agentrunner.core.policy;

import java.util.List;

/** What is to become of a command. */
public sealed interface Verdict {

  /**
   * It runs.
   *
   * @param readOnly whether it only looks, so that running it twice is as good as once
   */
  record Allow(boolean readOnly) implements Verdict {}

  /**
   * A person decides.
   *
   * @param why for them
   * @param rules what must be allowed for it to run without asking, in the rules' own words; empty
   *     if no rule could say so
   */
  record Ask(String why, List<String> rules) implements Verdict {

    public Ask {
      rules = List.copyOf(rules);
    }
  }

  /**
   * It does not run.
   *
   * @param why for the model
   */
  record Deny(String why) implements Verdict {}
}
