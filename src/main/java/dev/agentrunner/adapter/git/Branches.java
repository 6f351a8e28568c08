package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.time.LocalDate;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheCheckout;
import org.eclipse.jgit.errors.CheckoutConflictException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.IndexDiff;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryState;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.submodule.SubmoduleWalk.IgnoreSubmoduleMode;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.jspecify.annotations.Nullable;

/** Local branches, and what is checked out. */
final class Branches {

  private static final int LINES_MAX = 200;

  private final InertRepository repository;

  Branches(InertRepository repository) {
    this.repository = repository;
  }

  /** The full name of a branch. */
  static String ref(String name) throws Refusal {
    String full = Constants.R_HEADS + name;
    if (name.startsWith("-")
        || name.equals(Constants.HEAD)
        || name.startsWith("refs/")
        || !Repository.isValidRefName(full)) {
      throw new Refusal("'%s' cannot be the name of a branch".formatted(name));
    }
    return full;
  }

  String list() throws IOException {
    String current = repository.getFullBranch();
    StringBuilder lines = new StringBuilder();
    int count = 0;
    for (Ref ref : repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS)) {
      if (count++ == LINES_MAX) {
        lines.append("... and more\n");
        break;
      }
      lines
          .append(ref.getName().equals(current) ? "* " : "  ")
          .append(Repository.shortenRefName(ref.getName()))
          .append('\n');
    }
    return lines.toString();
  }

  String log(Optional<String> branch, int max) throws IOException, Refusal {
    String from = branch.isPresent() ? ref(branch.get()) : Constants.HEAD;
    ObjectId start = repository.resolve(from);
    if (start == null) {
      throw new Refusal(
          branch.map("there is no branch '%s'"::formatted).orElse("there is no commit yet"));
    }
    StringBuilder lines = new StringBuilder();
    try (RevWalk walk = new RevWalk(repository)) {
      walk.markStart(walk.parseCommit(start));
      int count = 0;
      for (RevCommit commit : walk) {
        if (count++ == Math.clamp(max, 1, LINES_MAX)) {
          break;
        }
        lines
            .append(commit.abbreviate(10).name())
            .append(' ')
            .append(
                LocalDate.ofInstant(
                    commit.getAuthorIdent().getWhenAsInstant(),
                    commit.getAuthorIdent().getZoneId()))
            .append(' ')
            .append(commit.getAuthorIdent().getName())
            .append(": ")
            .append(commit.getShortMessage())
            .append('\n');
      }
    }
    return lines.toString();
  }

  String create(String name) throws IOException, Refusal {
    String ref = ref(name);
    if (repository.exactRef(ref) != null) {
      throw new Refusal("there is a branch '%s' already".formatted(name));
    }
    ObjectId head = repository.resolve(Constants.HEAD);
    if (head == null) {
      throw new Refusal("there is no commit yet that a branch could begin at");
    }
    RefUpdate update = repository.updateRef(ref);
    update.setExpectedOldObjectId(ObjectId.zeroId());
    update.setNewObjectId(head);
    update.setRefLogMessage("branch: Created from HEAD", false);
    done(update.update(), name);
    return "Made the branch %s.".formatted(name);
  }

  String checkout(String name) throws IOException, Refusal {
    String ref = ref(name);
    ObjectId tip = repository.resolve(ref);
    if (tip == null) {
      throw new Refusal("there is no branch '%s'".formatted(name));
    }
    atRest();
    ObjectId head = repository.resolve(Constants.HEAD);
    if (!tip.equals(head)) {
      tree(head, tip, name);
    }
    link(ref, name);
    return "Now on %s.".formatted(name);
  }

  String enter(String name) throws IOException, Refusal {
    String ref = ref(name);
    if (ref.equals(repository.getFullBranch())) {
      return "Already on %s.".formatted(name);
    }
    atRest();
    ObjectId head = repository.resolve(Constants.HEAD);
    ObjectId tip = repository.resolve(ref);
    if (tip != null) {
      if (!tip.equals(head) && isChanged()) {
        throw new Refusal(
            ("the branch %s is at another commit than what is checked out, and the work tree holds"
                    + " changes; commit or stash them, or set another git.branch")
                .formatted(name));
      }
      return checkout(name);
    }
    if (head != null) {
      create(name);
    }
    link(ref, name);
    return "Now on the new branch %s.".formatted(name);
  }

  private void atRest() throws Refusal {
    RepositoryState state = repository.getRepositoryState();
    if (state != RepositoryState.SAFE) {
      throw new Refusal(
          "the repository is in the middle of something (%s); finish that first"
              .formatted(state.getDescription()));
    }
  }

  private boolean isChanged() throws IOException {
    IndexDiff diff = new IndexDiff(repository, Constants.HEAD, new FileTreeIterator(repository));
    diff.setIgnoreSubmoduleMode(IgnoreSubmoduleMode.ALL);
    diff.diff();
    return !(diff.getAdded().isEmpty()
        && diff.getChanged().isEmpty()
        && diff.getRemoved().isEmpty()
        && diff.getMissing().isEmpty()
        && diff.getModified().isEmpty()
        && diff.getConflicting().isEmpty());
  }

  private void tree(@Nullable ObjectId from, ObjectId to, String name) throws IOException, Refusal {
    DirCache index = repository.lockDirCache();
    try (RevWalk walk = new RevWalk(repository)) {
      DirCacheCheckout checkout =
          new DirCacheCheckout(
              repository,
              from == null ? null : walk.parseCommit(from).getTree(),
              index,
              walk.parseCommit(to).getTree());
      checkout.setFailOnConflict(true);
      checkout.checkout();
    } catch (CheckoutConflictException e) {
      throw new Refusal(
          "%s cannot be checked out: files that differ were changed here; commit them first"
              .formatted(name));
    } finally {
      index.unlock();
    }
  }

  private void link(String ref, String name) throws IOException, Refusal {
    RefUpdate head = repository.updateRef(Constants.HEAD);
    head.setRefLogMessage("checkout: moving to " + name, false);
    done(head.link(ref), name);
  }

  private static void done(RefUpdate.Result result, String name) throws Refusal {
    switch (result) {
      case NEW, FORCED, NO_CHANGE, FAST_FORWARD -> {}
      case NOT_ATTEMPTED,
          LOCK_FAILURE,
          REJECTED,
          REJECTED_CURRENT_BRANCH,
          REJECTED_MISSING_OBJECT,
          REJECTED_OTHER_REASON,
          RENAMED,
          IO_FAILURE ->
          throw new Refusal("%s could not be set: %s".formatted(name, result));
    }
  }
}
