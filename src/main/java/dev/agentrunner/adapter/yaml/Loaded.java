package dev.agentrunner.adapter.yaml;

import dev.agentrunner.port.UsageException;
import java.util.List;

/** What came of reading: a value, or everything that was wrong. */
public sealed interface Loaded<T> {

  /** Worth telling the user either way. */
  List<Fault> warnings();

  /**
   * The value.
   *
   * @throws UsageException with the whole report of faults, many lines long
   */
  T orRefuse();

  /** It could be used. */
  record Good<T>(T value, List<Fault> warnings) implements Loaded<T> {

    public Good {
      warnings = List.copyOf(warnings);
    }

    @Override
    public T orRefuse() {
      return value;
    }
  }

  /**
   * It could not.
   *
   * @param faults at least one, in the order of the file
   */
  record Bad<T>(List<Fault> faults, List<Fault> warnings) implements Loaded<T> {

    public Bad {
      faults = FaultReport.inOrder(faults);
      warnings = List.copyOf(warnings);
    }

    @Override
    public T orRefuse() {
      throw new UsageException(FaultReport.of(faults));
    }
  }
}
