package dev.agentrunner.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file on a disk that can be told to fail. Counts what is asked of it. */
public final class TroubledChannel extends FileChannel {

  private static final String FULL = "No space left on device";

  private final FileChannel disk;

  /** How many more bytes fit. */
  public long room = Long.MAX_VALUE;

  /** At most so many bytes a write. */
  public int writeBytesMax = Integer.MAX_VALUE;

  public boolean flushFails;

  /** Reports success at once, for tests that flush thousands of times. */
  public boolean flushLies;

  public boolean truncateFails;
  public int writes;
  public int flushes;

  public TroubledChannel(FileChannel disk) {
    this.disk = disk;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    writes++;
    int length = (int) Math.min(Math.min(source.remaining(), writeBytesMax), room);
    if (length == 0) {
      throw new IOException(FULL);
    }
    ByteBuffer part = source.slice(source.position(), length);
    int written = disk.write(part);
    source.position(source.position() + written);
    room -= written;
    return written;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    flushes++;
    if (flushFails) {
      throw new IOException("Input/output error");
    }
    if (!flushLies) {
      disk.force(metaData);
    }
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    if (truncateFails) {
      throw new IOException("Input/output error");
    }
    disk.truncate(size);
    return this;
  }

  @Override
  public long size() throws IOException {
    return disk.size();
  }

  @Override
  public long position() throws IOException {
    return disk.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    disk.position(position);
    return this;
  }

  @Override
  protected void implCloseChannel() throws IOException {
    disk.close();
  }

  @Override
  public int read(ByteBuffer target) {
    throw new AssertionError("not asked for so far");
  }

  @Override
  public int read(ByteBuffer target, long position) {
    throw new AssertionError("not asked for so far");
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw new AssertionError("not asked for so far");
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new AssertionError("not asked for so far");
  }

  @Override
  public int write(ByteBuffer source, long position) {
    throw new AssertionError("not asked for so far");
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw new AssertionError("not asked for so far");
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new AssertionError("not asked for so far");
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new AssertionError("not asked for so far");
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw new AssertionError("not asked for so far");
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw new AssertionError("not asked for so far");
  }
}
