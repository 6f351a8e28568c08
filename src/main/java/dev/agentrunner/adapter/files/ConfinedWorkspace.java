package dev.agentrunner.adapter.files;

import dev.agentrunner.adapter.files.Descent.OnTheWay;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A folder that no path leads out of, whatever the agent or a program it left running does to the
 * folders and links within meanwhile: each part of a path is opened in the folder opened before,
 * links not followed. The folder itself and those above are trusted.
 *
 * <p>Links may be read where they lead to a place within the folder: their target is read as text
 * and taken as a path like any other. Nothing is written or listed through a link: the agent is
 * told where it leads, so that what it changes is what it named. A file with several names (hard
 * links) is never written to but replaced, so that the others keep the old content.
 */
public final class ConfinedWorkspace implements Workspace {

  /** Files up to this size are read; a model could do nothing with a larger one. */
  private static final int READ_BYTES_MAX = 8 << 20;

  /** Some seconds' worth of listing. */
  private static final int ENTRIES_MAX = 200_000;

  private final Path root;
  private final List<Path> readOnly;
  private final ProtectedPaths protect;

  private ConfinedWorkspace(Path root, List<Path> readOnly, ProtectedPaths protect) {
    this.root = root;
    this.readOnly = List.copyOf(readOnly);
    this.protect = protect;
  }

  /** Opens {@code root} with nothing in it protected but what never is written. */
  public static ConfinedWorkspace open(Path root, List<Path> readOnly) {
    return open(root, readOnly, ProtectedPaths.NONE);
  }

  /**
   * Opens {@code root}, and clears away what a crash has left of a write.
   *
   * @param root absolute, without links
   * @param readOnly files that are not written, under whatever name; they need not be in the folder
   * @param protect what else is not written
   * @throws EnvironmentException if the folder cannot be opened
   */
  public static ConfinedWorkspace open(Path root, List<Path> readOnly, ProtectedPaths protect) {
    try (OpenFolder top = OpenFolder.root(root)) {
      top.sweep();
    }
    return new ConfinedWorkspace(root, readOnly, protect);
  }

  @Override
  public Content read(String path) {
    try (OpenFolder top = OpenFolder.root(root)) {
      return new Descent(top, OnTheWay.FOLLOW_LINKS)
          .to(FolderPath.ofFile(path), spot -> new Content.Bytes(spot.read(READ_BYTES_MAX)));
    } catch (NoSuchFileException e) {
      return new Content.Missing();
    } catch (IOException e) {
      return new Content.Refused(path + " cannot be read: " + Words.of(e));
    } catch (Refusal e) {
      return new Content.Refused(e.reason());
    }
  }

  /** Something done to files below {@code top}. */
  private interface Act {
    void in(OpenFolder top) throws IOException, Refusal;
  }

  /** Empty when {@code act} was done; otherwise why {@code path} is as it was. */
  private Optional<String> done(String path, String what, Act act) {
    try (OpenFolder top = OpenFolder.root(root)) {
      act.in(top);
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.of(path + " is not there; it was removed meanwhile, or never was");
    } catch (IOException e) {
      return Optional.of(path + " cannot be " + what + ": " + Words.of(e));
    } catch (Refusal e) {
      return Optional.of(e.reason());
    }
  }

  @Override
  public Optional<String> write(String path, byte[] content, Optional<String> expected) {
    OnTheWay onTheWay = expected.isEmpty() ? OnTheWay.MAKE_FOLDERS : OnTheWay.STOP;
    return done(
        path,
        "written",
        top ->
            new Descent(top, onTheWay)
                .to(
                    FolderPath.ofFile(path),
                    spot -> {
                      checkWritable(spot);
                      checkHolds(spot, expected);
                      top.replace(
                          spot.holder(), spot.name(), content, spot.found().map(FileTraits::of));
                      return spot;
                    }));
  }

  @Override
  public Optional<String> delete(String path, String expected) {
    return done(
        path,
        "removed",
        top ->
            new Descent(top, OnTheWay.STOP)
                .to(
                    FolderPath.ofFile(path),
                    spot -> {
                      checkWritable(spot);
                      checkHolds(spot, Optional.of(expected));
                      spot.holder().remove(spot.name());
                      return spot;
                    }));
  }

  @Override
  public Optional<String> move(String from, String to, String expected) {
    return done(
        from,
        "moved to " + to,
        top -> {
          FolderPath fresh = FolderPath.ofFile(to);
          new Descent(top, OnTheWay.STOP)
              .to(
                  FolderPath.ofFile(from),
                  spot -> {
                    checkWritable(spot);
                    checkHolds(spot, Optional.of(expected));
                    return new Descent(top, OnTheWay.MAKE_FOLDERS)
                        .to(fresh, place -> move(spot, place));
                  });
        });
  }

  private Spot move(Spot file, Spot place) throws IOException, Refusal {
    checkWritable(place);
    if (place.found().isPresent()) {
      throw new Refusal(place.path() + " exists already; give a name that is free");
    }
    file.holder().move(file.name(), place.holder(), place.name());
    return place;
  }

  /** Replaces the file rather than changing it, as its other names are not for the agent either. */
  @Override
  public Optional<String> makeExecutable(String path, boolean executable) {
    return done(
        path,
        "made " + (executable ? "executable" : "not executable"),
        top ->
            new Descent(top, OnTheWay.STOP)
                .to(
                    FolderPath.ofFile(path),
                    spot -> {
                      checkWritable(spot);
                      byte[] content = spot.read(READ_BYTES_MAX);
                      Optional<FileTraits> now = spot.found().map(FileTraits::of);
                      Optional<FileTraits> wanted = now.map(so -> so.withExecutable(executable));
                      if (!wanted.equals(now)) {
                        top.replace(spot.holder(), spot.name(), content, wanted);
                      }
                      return spot;
                    }));
  }

  private void checkWritable(Spot spot) throws Refusal {
    Optional<String> guard = protect.guardOf(spot.path());
    if (guard.isPresent()) {
      throw new Refusal(
          "%s is protected by the user (%s) and is read-only for you; do the task without changing it"
              .formatted(spot.path(), guard.get()));
    }
    for (Path file : readOnly) {
      if (root.resolve(spot.path()).equals(file) || isSame(file, spot)) {
        throw new Refusal(spot.path() + " says what this run is to do and is read-only for you");
      }
    }
  }

  private static boolean isSame(Path file, Spot spot) {
    if (spot.found().isEmpty()) {
      return false;
    }
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key != null && key.equals(spot.found().get().fileKey());
    } catch (IOException e) {
      return false;
    }
  }

  private static void checkHolds(Spot spot, Optional<String> expected) throws IOException, Refusal {
    if (expected.isEmpty() && spot.found().isEmpty()) {
      return;
    }
    String digest = digest(spot.read(READ_BYTES_MAX));
    if (expected.isEmpty()) {
      throw new Refusal(spot.path() + " exists already; read it before you change it");
    }
    if (!digest.equals(expected.get())) {
      throw new Refusal(spot.path() + " has changed meanwhile; read it again and redo the change");
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public Listing list(String path, Optional<String> glob, int max) {
    List<String> paths = new ArrayList<>();
    FolderWalk.Visitor add =
        (_, _, file, _) -> {
          paths.add(file);
          return paths.size() <= max;
        };
    try {
      boolean whole = walk(FolderPath.ofFolder(path), glob, add);
      boolean tooMany = paths.size() > max;
      return new Listing(
          tooMany ? paths.subList(0, max) : paths, tooMany || !whole, Optional.empty());
    } catch (NoSuchFileException e) {
      return new Listing(List.of(), false, Optional.of("there is no folder " + path));
    } catch (IOException e) {
      return new Listing(List.of(), false, Optional.of(path + " cannot be listed: " + Words.of(e)));
    } catch (Refusal e) {
      return new Listing(List.of(), false, Optional.of(e.reason()));
    }
  }

  @Override
  public Matches search(String pattern, Optional<String> glob, int max) {
    TextSearch search = new TextSearch(pattern);
    List<Match> found = new ArrayList<>();
    FolderWalk.Visitor look =
        (holder, name, file, regular) -> {
          if (regular) {
            search.in(file, holder.read(name, READ_BYTES_MAX + 1), found, max + 1);
          }
          return found.size() <= max;
        };
    try {
      boolean whole = walk(new FolderPath(List.of()), glob, look);
      boolean tooMany = found.size() > max;
      return new Matches(
          tooMany ? found.subList(0, max) : found, tooMany || !whole, Optional.empty());
    } catch (IOException e) {
      return new Matches(found, true, Optional.of("the search broke off: " + Words.of(e)));
    } catch (Refusal e) {
      return new Matches(found, true, Optional.of(e.reason()));
    }
  }

  /** Whether everything was gone through that {@code visitor} wanted. */
  private boolean walk(FolderPath path, Optional<String> glob, FolderWalk.Visitor visitor)
      throws IOException, Refusal {
    FolderWalk walk =
        new FolderWalk(
            ENTRIES_MAX, glob.isEmpty() ? visitor : matching(Glob.of(glob.get()), visitor));
    try (OpenFolder top = OpenFolder.root(root)) {
      IgnoreRules rules =
          IgnoreRules.within(IgnoreRules.above(root), String.valueOf(root.getFileName()), top);
      walk.below(top, path, 0, rules);
    }
    return walk.isWhole();
  }

  private static FolderWalk.Visitor matching(Glob glob, FolderWalk.Visitor visitor) {
    return (holder, name, file, regular) ->
        !glob.matches(file) || visitor.meets(holder, name, file, regular);
  }
}
