package dev.agentrunner.port;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a confined command may reach; whatever is not named here can be read and not written. Paths
 * are absolute.
 *
 * @param writable folders it may write below
 * @param readOnly what stays as it is within those, be it there yet or not
 * @param masked folders it finds empty, but for what is writable below them
 * @param network whether it reaches any network, the machine's own included
 * @param environment all of its environment
 * @param processesMax how many processes it may have at once
 * @param fileBytesMax how large a file it may write
 */
public record Confinement(
    List<String> writable,
    List<String> readOnly,
    List<String> masked,
    boolean network,
    Map<String, String> environment,
    long processesMax,
    long fileBytesMax) {

  public Confinement {
    writable = List.copyOf(writable);
    readOnly = List.copyOf(readOnly);
    masked = List.copyOf(masked);
    environment = Map.copyOf(environment);
  }

  /** The same, with more in its environment. */
  public Confinement with(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(variables);
    return new Confinement(writable, readOnly, masked, network, all, processesMax, fileBytesMax);
  }
}
