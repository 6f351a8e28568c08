package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;

/** The files of a checkpoint, written out as a work tree with a repository of one commit. */
final class CopiedTree {

  private static final String CONFIG =
      """
      [core]
      \trepositoryformatversion = 0
      \tfilemode = true
      \tbare = false
      \tautocrlf = false
      [gc]
      \tauto = 0
      """;
  private static final PersonIdent NOBODY =
      new PersonIdent("agent-runner", "", Instant.EPOCH, ZoneOffset.UTC);

  private final ObjectStore store;
  private final Path top;
  private final Path below;

  /**
   * @param top an empty folder, but for ignore files
   * @param below where in it the files go; empty for right there
   */
  CopiedTree(ObjectStore store, Path top, Path below) {
    this.store = store;
    this.top = top;
    this.below = below;
  }

  void write(String tree, Optional<byte[]> excludes) throws IOException {
    Path git = top.resolve(Constants.DOT_GIT);
    Files.createDirectories(git.resolve("refs/heads"));
    Files.createDirectories(git.resolve("objects/pack"));
    Files.createDirectories(git.resolve("info"));
    Files.writeString(git.resolve(Constants.HEAD), "ref: refs/heads/main\n");
    Files.writeString(git.resolve(Constants.CONFIG), CONFIG);
    if (excludes.isPresent()) {
      Files.write(git.resolve("info/exclude"), excludes.get());
    }
    // The ignore files on the way belong to the user's work tree; here they only stand in for it.
    try (InertRepository repository = InertRepository.open(new Located(top, top, git));
        ObjectInserter objects = repository.getObjectDatabase().newPackInserter()) {
      ObjectId commit = commit(objects, whole(objects, copy(objects, tree, top.resolve(below))));
      objects.flush();
      Files.writeString(git.resolve("refs/heads/main"), commit.name() + "\n");
      writeIndex(repository, repository.parseCommit(commit).getTree());
    }
  }

  /** Writes what is in a tree, and adds it to the repository. */
  private ObjectId copy(ObjectInserter objects, String tree, Path folder) throws IOException {
    new WrittenTree(
            store,
            (kind, content) ->
                objects.insert(
                    kind == ObjectKind.TREE ? Constants.OBJ_TREE : Constants.OBJ_BLOB, content))
        .write(tree, folder);
    return ObjectId.fromString(tree);
  }

  /** The tree of the whole work tree, with that of the folder and the ignore files on the way. */
  private ObjectId whole(ObjectInserter objects, ObjectId folder) throws IOException {
    ObjectId at = folder;
    for (Path name = below; name != null && !name.toString().isEmpty(); name = name.getParent()) {
      Map<String, TreeEntry> entries = new LinkedHashMap<>();
      Path ignore = top.resolve(name).resolveSibling(Ignores.FILE);
      if (Files.exists(ignore)) {
        ObjectId rules = objects.insert(Constants.OBJ_BLOB, Files.readAllBytes(ignore));
        entries.put(Ignores.FILE, new TreeEntry(TreeEntry.PLAIN, rules.name()));
      }
      entries.put(RawName.of(top.resolve(name)), new TreeEntry(TreeEntry.FOLDER, at.name()));
      at = objects.insert(Constants.OBJ_TREE, TreeEntry.tree(entries));
    }
    return at;
  }

  private static ObjectId commit(ObjectInserter objects, ObjectId tree) throws IOException {
    CommitBuilder commit = new CommitBuilder();
    commit.setTreeId(tree);
    commit.setAuthor(NOBODY);
    commit.setCommitter(NOBODY);
    commit.setMessage("As it was before the proposal\n");
    return objects.insert(commit);
  }

  private static void writeIndex(InertRepository repository, ObjectId tree) throws IOException {
    DirCache index = repository.lockDirCache();
    try (ObjectReader reader = repository.newObjectReader()) {
      DirCacheBuilder builder = index.builder();
      builder.addTree(new byte[0], DirCacheEntry.STAGE_0, reader, tree);
      if (!builder.commit()) {
        throw new IOException("the index could not be written");
      }
    } finally {
      index.unlock();
    }
  }
}
