package dev.agentrunner.core.edit;

import java.util.Optional;

/** The files that edits are about, as they are now; such as a map's {@code get}. */
@FunctionalInterface
public interface FileView {

  /** The whole content of a file; empty if there is none. The same for as long as a plan asks. */
  Optional<byte[]> read(String path);
}
