package dev.agentrunner.core.edit;

import java.util.List;
import java.util.Optional;

/** One thing a reply wants done. Paths are as the reply has them, checked for their form only. */
sealed interface Edit {

  /** The file it is about, by the name it has in the end. */
  String path();

  /** Every file that must be looked at to apply it. */
  List<String> paths();

  /** Some lines for others; with nothing to search for, the content of a new file. */
  record Block(String path, List<Line> search, List<Line> replace) implements Edit {

    public Block {
      search = List.copyOf(search);
      replace = List.copyOf(replace);
    }

    @Override
    public List<String> paths() {
      return List.of(path);
    }
  }

  /** A whole file. */
  record Whole(String path, List<Line> content) implements Edit {

    public Whole {
      content = List.copyOf(content);
    }

    @Override
    public List<String> paths() {
      return List.of(path);
    }
  }

  /** {@code *** Add File}. */
  record Add(String path, List<Line> content) implements Edit {

    public Add {
      content = List.copyOf(content);
    }

    @Override
    public List<String> paths() {
      return List.of(path);
    }
  }

  /** {@code *** Delete File}. */
  record Delete(String path) implements Edit {

    @Override
    public List<String> paths() {
      return List.of(path);
    }
  }

  /** {@code *** Update File}, with {@code *** Move to} if {@code moveTo} is there. */
  record Update(String from, Optional<String> moveTo, List<Chunk> chunks) implements Edit {

    public Update {
      chunks = List.copyOf(chunks);
    }

    @Override
    public String path() {
      return moveTo.orElse(from);
    }

    @Override
    public List<String> paths() {
      return moveTo.map(to -> List.of(from, to)).orElse(List.of(from));
    }
  }

  /**
   * What a unified diff says of one file.
   *
   * @param before its name before; empty if it is new
   * @param after its name after; empty if it is deleted
   * @param exact whether a program wrote it, so that nothing in it needs forgiving
   */
  record Diff(
      Optional<String> before,
      Optional<String> after,
      Kind kind,
      Optional<FileMode> mode,
      boolean exact,
      List<Hunk> hunks)
      implements Edit {

    /** What becomes of the old name. */
    enum Kind {
      CHANGE,
      RENAME,
      COPY
    }

    public Diff {
      hunks = List.copyOf(hunks);
    }

    @Override
    public String path() {
      return after.or(() -> before).orElseThrow();
    }

    @Override
    public List<String> paths() {
      return java.util.stream.Stream.of(before, after)
          .flatMap(Optional::stream)
          .distinct()
          .toList();
    }
  }
}
