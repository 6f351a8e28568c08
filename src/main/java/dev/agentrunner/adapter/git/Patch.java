package dev.agentrunner.adapter.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.dircache.DirCacheIterator;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.AbstractTreeIterator;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.eclipse.jgit.treewalk.filter.PathFilterGroup;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** Differences as text, new files among them. */
final class Patch {

  private static final int BYTES_MAX = 256 * 1024;
  private static final int FILE_BYTES_MAX = 1024 * 1024;

  private final InertRepository repository;

  Patch(InertRepository repository) {
    this.repository = repository;
  }

  /**
   * @param paths from the root of the work tree; an empty one is the root
   */
  String of(boolean staged, List<String> paths) throws IOException {
    Bounded out = new Bounded();
    try (DiffFormatter format = new DiffFormatter(out);
        ObjectReader reader = repository.newObjectReader()) {
      format.setRepository(repository);
      format.setBinaryFileThreshold(FILE_BYTES_MAX);
      format.setPathFilter(
          paths.contains("") ? TreeFilter.ALL : PathFilterGroup.createFromStrings(paths));
      AbstractTreeIterator index = new DirCacheIterator(repository.readDirCache());
      if (staged) {
        format.format(head(reader), index);
      } else {
        format.format(index, new FileTreeIterator(repository));
      }
      format.flush();
    } catch (FullException full) {
      return out.text() + "\n... and more: ask for fewer paths\n";
    }
    return out.text();
  }

  private AbstractTreeIterator head(ObjectReader reader) throws IOException {
    ObjectId head = repository.resolve(Constants.HEAD);
    if (head == null) {
      return new EmptyTreeIterator();
    }
    try (RevWalk walk = new RevWalk(reader)) {
      return new CanonicalTreeParser(new byte[0], reader, walk.parseCommit(head).getTree());
    }
  }

  private static final class FullException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Bounded extends OutputStream {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] more, int from, int length) throws IOException {
      int room = Math.min(length, BYTES_MAX - bytes.size());
      bytes.write(more, from, room);
      if (room < length) {
        throw new FullException();
      }
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
