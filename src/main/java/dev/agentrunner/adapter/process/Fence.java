package dev.agentrunner.adapter.process;

import dev.agentrunner.adapter.process.Sandbox.Landlock;
import dev.agentrunner.adapter.process.Sights.Sight;
import dev.agentrunner.port.Confinement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The rules that Landlock is to hold a command to. Landlock only ever allows, and what it allows in
 * a folder it allows in all below. So a folder that holds anything with a rule of its own is
 * allowed entry by entry: nothing new can be made directly in it.
 *
 * @param rights what may be done at and below each path
 * @param temporary a folder of the command's own, in place of the machine's
 */
record Fence(Landlock kernel, Confinement confinement, Map<Path, Long> rights, Path temporary) {

  private static final long EXECUTE = 1;
  private static final long WRITE_FILE = 1 << 1;
  private static final long READ_FILE = 1 << 2;
  private static final long READ_FOLDER = 1 << 3;
  private static final long TRUNCATE = 1 << 14;
  private static final long CONTROL_DEVICE = 1 << 15;
  private static final int ABI_OF_DEVICES = 5;
  private static final long ALL = CONTROL_DEVICE - 1;

  private static final long READ = EXECUTE | READ_FILE | READ_FOLDER;
  private static final long OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE;

  private static final Path ROOT = Path.of("/");
  private static final Path DEVICES = Path.of("/dev");
  private static final List<String> USABLE = List.of("null", "zero", "full", "random", "urandom");

  /**
   * @param folder where the command runs; shown to it if it were hidden
   * @throws IOException if there can be no such fence, in words for people
   */
  static Fence of(Landlock kernel, Confinement confinement, String folder) throws IOException {
    Sights sights = Sights.of(confinement, List.of(DEVICES));
    sights.show(Path.of(folder).toRealPath());
    // Without it nothing can be started.
    sights.show(Path.of(System.getProperty("java.home", "/usr")));
    Map<Path, Long> rights = new LinkedHashMap<>();
    allow(ROOT, sights, rights);
    // Names are seen everywhere: that cannot be taken back further down.
    rights.merge(ROOT, READ_FOLDER, (one, other) -> one | other);
    for (String device : USABLE) {
      rights.put(DEVICES.resolve(device), READ_FILE | WRITE_FILE);
    }
    Path temporary = Files.createTempDirectory("agent-runner-");
    rights.put(temporary, ALL);
    return new Fence(kernel, confinement, rights, temporary);
  }

  private static void allow(Path path, Sights sights, Map<Path, Long> rights) throws IOException {
    boolean split =
        sights.rules().keySet().stream()
            .anyMatch(ruled -> ruled.startsWith(path) && !ruled.equals(path));
    if (split) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          if (!Files.isSymbolicLink(entry)) {
            allow(entry, sights, rights);
          }
        }
      }
      return;
    }
    Sight sight = sights.sight(path);
    if (sight != Sight.HIDDEN) {
      long most = sight == Sight.WRITABLE ? ALL : READ;
      rights.put(path, Sights.isFolder(path) ? most : most & OF_FILES);
    }
  }

  /** Holds the calling thread to it, and what it starts. */
  void close() {
    long handled = kernel.abi() >= ABI_OF_DEVICES ? ALL | CONTROL_DEVICE : ALL;
    LandlockCalls.restrict(kernel.abi(), handled, rights, confinement.network());
  }

  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(confinement.environment());
    for (String name : List.of("TMPDIR", "TMP", "TEMP")) {
      environment.put(name, temporary.toString());
    }
    return environment;
  }

  /** Removes what the command left in its own temporary folder. */
  void takeDown() {
    try (Stream<Path> files = Files.walk(temporary)) {
      files.sorted((a, b) -> b.getNameCount() - a.getNameCount()).forEach(Fence::delete);
    } catch (IOException | UncheckedIOException e) {
      // It stays where temporary files are cleared away some day.
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
