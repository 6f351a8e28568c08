package dev.agentrunner.cli;

import dev.agentrunner.port.StopSignal;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a person is asked, and types answers line by line. */
interface Dialogue {

  /** Shows {@code text}, whole lines, harmless to a terminal. */
  void say(String text);

  /** Puts {@code question}; empty if nobody answers it before {@code stop}. */
  Optional<String> ask(String question, StopSignal stop);

  /** Leaves the terminal, as it was found, to {@code action}: nobody else reads or writes there. */
  <T> T lend(Supplier<T> action);
}
