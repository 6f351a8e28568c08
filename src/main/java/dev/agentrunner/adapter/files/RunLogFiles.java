package dev.agentrunner.adapter.files;

import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.RunLogs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Logs for people as files, {@code logs/<task>/<name>}. A file is made when something is first
 * added to it.
 */
public final class RunLogFiles implements RunLogs {

  private final Path folder;

  public RunLogFiles(Path folder) {
    this.folder = folder;
  }

  @Override
  public Log open(TaskId task, String name) {
    return new LogFile(folder.resolve(task.value()).resolve(name));
  }

  /** The last {@code max} bytes of a log, or all there are; none if nothing can be read. */
  public byte[] end(TaskId task, String name, int max) {
    Path file = folder.resolve(task.value()).resolve(name);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = in.size();
      ByteBuffer end = ByteBuffer.allocate(Math.toIntExact(Math.min(size, max)));
      in.position(size - end.capacity());
      while (end.hasRemaining() && in.read(end) >= 0) {
        // A log only grows: all of it comes.
      }
      return Arrays.copyOf(end.array(), end.position());
    } catch (IOException e) {
      return new byte[0]; // Nobody depends on reading it, either.
    }
  }

  private static final class LogFile implements Log {

    private final Path file;
    private @Nullable FileChannel out;
    private boolean closed;

    LogFile(Path file) {
      this.file = file;
    }

    @Override
    public synchronized void add(byte[] bytes) {
      if (closed) {
        return;
      }
      try (HeldInterrupt _ = HeldInterrupt.hold()) {
        FileChannel channel = channel();
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
      } catch (IOException e) {
        close(); // Nobody's work depends on it: what cannot be written goes nowhere.
      }
    }

    private FileChannel channel() throws IOException {
      FileChannel channel = out;
      if (channel == null) {
        PrivateFiles.createFolder(PrivateFiles.above(file));
        channel = PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        out = channel;
      }
      return channel;
    }

    @Override
    public synchronized void close() {
      closed = true;
      try {
        if (out != null) {
          out.close();
        }
      } catch (IOException e) {
        // As above.
      }
    }
  }
}
