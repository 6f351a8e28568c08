package dev.agentrunner.adapter.git;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.ignore.IgnoreNode;

/**
 * What git would leave out of a folder, by the ignore files in it and above it.
 *
 * @param name of the folder in the one above
 * @param rules of the folder's own file
 * @param any whether there are rules here or above at all
 */
record Ignores(Optional<Ignores> above, String name, Optional<IgnoreNode> rules, boolean any) {

  static final String FILE = ".gitignore";
  static final Ignores NONE = new Ignores(Optional.empty(), "", Optional.empty(), false);

  /** Those of a folder in this one. */
  Ignores in(String folder, Optional<byte[]> file) {
    return new Ignores(
        Optional.of(this), folder, file.flatMap(Ignores::parsed), any || file.isPresent());
  }

  /** Those of a folder with no more above it. */
  static Ignores outermost(Optional<byte[]> file) {
    return new Ignores(Optional.empty(), "", file.flatMap(Ignores::parsed), file.isPresent());
  }

  /** These, with rules of the same folder that weigh less. */
  Ignores over(Optional<byte[]> lesser) {
    return lesser.isEmpty() ? this : new Ignores(Optional.of(outermost(lesser)), "", rules, true);
  }

  private static Optional<IgnoreNode> parsed(byte[] file) {
    try {
      IgnoreNode node = new IgnoreNode();
      node.parse(new ByteArrayInputStream(file));
      return Optional.of(node);
    } catch (IOException impossible) {
      return Optional.empty();
    }
  }

  /** Whether what is called {@code raw} in this folder is left out. */
  boolean ignores(String raw, boolean folder) {
    if (!any) {
      return false;
    }
    String path = RawName.shown(raw);
    Optional<Ignores> at = Optional.of(this);
    while (at.isPresent()) {
      Ignores here = at.get();
      if (here.rules.isPresent()) {
        Boolean verdict = here.rules.get().checkIgnored(path, folder);
        if (verdict != null) {
          return verdict;
        }
      }
      path = here.name.isEmpty() ? path : here.name + "/" + path;
      at = here.above;
    }
    return false;
  }
}
