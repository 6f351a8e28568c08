package dev.agentrunner.adapter.git;

import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.task.Identity;
import dev.agentrunner.port.Repository.Committing;
import dev.agentrunner.port.Repository.Order;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryState;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * A commit of what a task changed. Its tree is the last commit's with the task's files in it, made
 * in memory: neither what others staged nor what they changed goes in. Afterwards the index has the
 * task's files as they were committed, and everything else as it was.
 */
final class TaskCommit {

  /** How far back a commit that was made before is looked for. */
  private static final int COMMITS_MAX = 200;

  private final InertRepository repository;
  private final Located located;
  private final Order order;
  private final PersonIdent author;

  TaskCommit(
      InertRepository repository, Located located, Order order, Identity author, Instant now) {
    this.repository = repository;
    this.located = located;
    this.order = order;
    this.author = new PersonIdent(author.name(), author.mail(), now, ZoneId.systemDefault());
  }

  Committing make() throws IOException, Refusal {
    String branch = branch();
    ObjectId head = repository.resolve(Constants.HEAD);
    DirCache index = repository.lockDirCache();
    try (RevWalk walk = new RevWalk(repository)) {
      Optional<RevCommit> earlier = earlier(walk, head);
      if (earlier.isPresent()) {
        if (earlier.get().equals(head)) {
          // Cut off between the commit and the index, perhaps.
          settle(index, tree(parent(walk, earlier.get())), tree(earlier.get()));
        }
        return new Committing.Made(earlier.get().name(), branch);
      }
      RevCommit last = head == null ? null : walk.parseCommit(head);
      DirCache before = tree(last);
      List<TaskFile> files = files(before, index);
      if (files.isEmpty()) {
        return new Committing.Left("there is nothing to commit");
      }
      DirCache after = tree(last);
      ObjectId commit = insert(after, files, head);
      advance(head, commit);
      settle(index, before, after);
      return new Committing.Made(commit.name(), branch);
    } finally {
      index.unlock();
    }
  }

  private String branch() throws IOException, Refusal {
    RepositoryState state = repository.getRepositoryState();
    if (state != RepositoryState.SAFE) {
      throw new Refusal(
          "the repository is in the middle of something (%s)".formatted(state.getDescription()));
    }
    Ref head = repository.exactRef(Constants.HEAD);
    if (head == null || !head.isSymbolic()) {
      throw new Refusal("no branch is checked out; check one out, or set git.branch");
    }
    String branch = Repository.shortenRefName(head.getTarget().getName());
    if (order.branch().isPresent() && !order.branch().get().equals(branch)) {
      throw new Refusal("%s is checked out, and not %s".formatted(branch, order.branch().get()));
    }
    return branch;
  }

  private Optional<RevCommit> earlier(RevWalk walk, @Nullable ObjectId head) throws IOException {
    if (order.trailers().isEmpty() || head == null) {
      return Optional.empty();
    }
    RevCommit at = walk.parseCommit(head);
    for (int i = 0; i < COMMITS_MAX; i++) {
      String[] paragraphs = at.getFullMessage().strip().split("\n\n");
      Set<String> last = paragraphs[paragraphs.length - 1].lines().collect(Collectors.toSet());
      if (last.containsAll(order.trailers())) {
        return Optional.of(at);
      }
      if (at.getParentCount() == 0) {
        return Optional.empty();
      }
      at = walk.parseCommit(at.getParent(0));
    }
    return Optional.empty();
  }

  private static @Nullable RevCommit parent(RevWalk walk, RevCommit commit) throws IOException {
    return commit.getParentCount() == 0 ? null : walk.parseCommit(commit.getParent(0));
  }

  /** What {@code commit} holds, as an index in memory; empty for no commit. */
  private DirCache tree(@Nullable RevCommit commit) throws IOException {
    DirCache tree = DirCache.newInCore();
    DirCacheBuilder builder = tree.builder();
    if (commit != null) {
      try (ObjectReader reader = repository.newObjectReader()) {
        builder.addTree(new byte[0], DirCacheEntry.STAGE_0, reader, commit.getTree());
      }
    }
    builder.finish();
    return tree;
  }

  private List<TaskFile> files(DirCache before, DirCache index) throws IOException, Refusal {
    RepositoryPaths paths = new RepositoryPaths(located.prefix());
    List<TaskFile> files = new ArrayList<>();
    for (FileChange change : order.changes()) {
      String path = paths.of("./" + change.path());
      TaskFile file =
          TaskFile.of(repository, path, Optional.ofNullable(before.getEntry(path)), change);
      if (file.isToBeCommitted()) {
        if (!isSame(before.getEntry(path), index.getEntry(path))) {
          throw new Refusal("%s was staged by somebody else; commit or unstage it".formatted(path));
        }
        files.add(file);
      }
    }
    return files;
  }

  private static boolean isSame(@Nullable DirCacheEntry one, @Nullable DirCacheEntry other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return other.getStage() == DirCacheEntry.STAGE_0
        && !other.isIntentToAdd()
        && one.getObjectId().equals(other.getObjectId())
        && one.getRawMode() == other.getRawMode();
  }

  private ObjectId insert(DirCache tree, List<TaskFile> files, @Nullable ObjectId head)
      throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      DirCacheEditor editor = tree.editor();
      for (TaskFile file : files) {
        editor.add(file.edit(inserter));
      }
      editor.finish();
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(tree.writeTree(inserter));
      if (head != null) {
        commit.setParentId(head);
      }
      commit.setAuthor(author);
      commit.setCommitter(author);
      commit.setEncoding(StandardCharsets.UTF_8);
      commit.setMessage(message());
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      return id;
    }
  }

  private String message() {
    String text = order.message().replace("\0", "").replace("\r", "").strip();
    String trailers = String.join("\n", order.trailers());
    return trailers.isEmpty() ? text + "\n" : text + "\n\n" + trailers + "\n";
  }

  private void advance(@Nullable ObjectId head, ObjectId commit) throws IOException, Refusal {
    RefUpdate update = repository.updateRef(Constants.HEAD);
    update.setExpectedOldObjectId(head == null ? ObjectId.zeroId() : head);
    update.setNewObjectId(commit);
    update.setRefLogIdent(author);
    update.setRefLogMessage("commit: " + order.message().lines().findFirst().orElse(""), false);
    RefUpdate.Result result = update.update();
    if (result != RefUpdate.Result.NEW && result != RefUpdate.Result.FAST_FORWARD) {
      throw new Refusal("the branch moved meanwhile (%s)".formatted(result));
    }
  }

  /** Moves the task's files in the index along with the commit, where nobody else staged them. */
  private void settle(DirCache index, DirCache before, DirCache after) throws IOException, Refusal {
    RepositoryPaths paths = new RepositoryPaths(located.prefix());
    DirCacheEditor editor = index.editor();
    for (FileChange change : order.changes()) {
      String path = paths.of("./" + change.path());
      DirCacheEntry now = after.getEntry(path);
      if (!isSame(before.getEntry(path), index.getEntry(path))
          || isSame(before.getEntry(path), now)) {
        continue;
      }
      editor.add(
          now == null
              ? new DirCacheEditor.DeletePath(path)
              : new TaskFile.Entry(repository, path, now));
    }
    if (!editor.commit()) {
      throw new IOException("the index could not be written");
    }
  }
}
