package dev.agentrunner.adapter.files;

import dev.agentrunner.port.BusyException;
import dev.agentrunner.port.EnvironmentException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps a second run out of a project, on {@code .agent-runner/lock}. The lock is the system's, and
 * gone when its process is, however that ended; the file stays. Its one line is for people: {@code
 * pid 123 on host since 2026-11-21T10:15:30Z}.
 */
public final class ProjectLock implements AutoCloseable {

  /**
   * Lock files that this process has. The system gives a process's locks on a file up as soon as
   * the process closes that file, by whatever channel: so a file that is in here must not be
   * opened, not even to read it.
   */
  private static final Set<Object> OURS = new HashSet<>();

  private static final int LINE_BYTES_MAX = 256;

  private static final Pattern SIGNATURE = Pattern.compile("pid (\\d{1,18}) on (\\S+) since .*");

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;
  private final Object key;

  private ProjectLock(Path file, FileChannel channel, FileLock lock, Object key) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
    this.key = key;
  }

  /**
   * Takes the lock, or fails at once.
   *
   * @throws EnvironmentException if another run has it, or it cannot be had here at all
   */
  public static ProjectLock take(RunFolders folders, Instant now) {
    Path file = folders.home().resolve("lock");
    synchronized (OURS) {
      try {
        PrivateFiles.createFolder(folders.home());
        Optional<ProjectLock> taken = Optional.empty();
        while (taken.isEmpty()) {
          taken = attempt(file, now);
        }
        return taken.get();
      } catch (IOException e) {
        throw DiskTrouble.cannot("write", file, e);
      }
    }
  }

  /**
   * Empty if the file was deleted or replaced meanwhile: a lock on what nobody else sees is none.
   */
  private static Optional<ProjectLock> attempt(Path file, Instant now) throws IOException {
    if (!Files.exists(file)) {
      PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
    }
    Object key = key(file);
    if (OURS.contains(key)) {
      throw held(file, "this very process");
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = lock(file, channel);
      if (!Files.exists(file) || !key(file).equals(key)) {
        channel.close();
        return Optional.empty();
      }
      sign(channel, now);
      OURS.add(key);
      return Optional.of(new ProjectLock(file, channel, lock, key));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Who has the lock right now, for people; empty if nobody. Takes nothing away from anybody: the
   * lock itself is only tried where whoever signed last may still be there.
   */
  public static Optional<String> holder(RunFolders folders) {
    Path file = folders.home().resolve("lock");
    synchronized (OURS) {
      try {
        if (OURS.contains(key(file))) {
          return Optional.of("this very process");
        }
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          String holder = holder(channel);
          if (isGone(holder)) {
            return Optional.empty();
          }
          try (FileLock lock = channel.tryLock()) {
            return lock == null ? Optional.of(holder) : Optional.empty();
          }
        }
      } catch (NoSuchFileException e) {
        return Optional.empty();
      } catch (IOException e) {
        throw DiskTrouble.cannot("read", file, e);
      }
    }
  }

  /** Whether the process that signed was one of this machine and is no more. */
  private static boolean isGone(String signature) {
    Matcher signed = SIGNATURE.matcher(signature);
    return signed.matches()
        && signed.group(2).equals(host())
        && ProcessHandle.of(Long.parseLong(signed.group(1)))
            .filter(ProcessHandle::isAlive)
            .isEmpty();
  }

  private static FileLock lock(Path file, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      throw held(file, "this very process");
    } catch (IOException e) {
      throw new EnvironmentException(
          ("Cannot lock %s: %s. The file system there seems to have no locks, without which two runs"
                  + " could get into each other's way. Work on a local disk.")
              .formatted(file, e.getMessage()),
          e);
    }
    if (lock == null) {
      throw held(file, holder(channel));
    }
    return lock;
  }

  private static EnvironmentException held(Path file, String holder) {
    return new BusyException(
        "Another run holds %s (%s). Wait until it is over, or stop it.".formatted(file, holder));
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(LINE_BYTES_MAX);
    channel.read(line, 0);
    String text = StandardCharsets.UTF_8.decode(line.flip()).toString().strip();
    return text.isEmpty() ? "it has not said who it is" : text.replaceAll("\\p{Cntrl}", "?");
  }

  private static void sign(FileChannel channel, Instant now) throws IOException {
    String line =
        "pid %d on %s since %s%n"
            .formatted(ProcessHandle.current().pid(), host(), now.truncatedTo(ChronoUnit.SECONDS));
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), 0);
  }

  /** Asked of the system and not of the network, which may take its time. */
  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      Map<String, String> environment = System.getenv();
      return environment.getOrDefault(
          "HOSTNAME", environment.getOrDefault("COMPUTERNAME", "an unnamed host"));
    }
  }

  /**
   * Whether whoever signed the lock last is there; true where that cannot be told. The lock itself
   * is not touched: trying it would keep a run out that begins at that moment.
   */
  public static boolean mayBeHeld(RunFolders folders) {
    Path file = folders.home().resolve("lock");
    synchronized (OURS) {
      try {
        if (OURS.contains(key(file))) {
          return true;
        }
        return !isGone(Files.readString(file).strip());
      } catch (NoSuchFileException never) {
        return false;
      } catch (IOException unclear) {
        return true;
      }
    }
  }

  /** Tells a file from another one that took its place. */
  private static Object key(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key != null ? key : file.toRealPath();
  }

  /** Whether the lock still keeps others out: somebody may have deleted its file. */
  public boolean stillOurs() {
    try {
      return lock.isValid() && key(file).equals(key);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    synchronized (OURS) {
      OURS.remove(key);
      try {
        channel.close();
      } catch (IOException e) {
        throw DiskTrouble.cannot("close", file, e);
      }
    }
  }
}
