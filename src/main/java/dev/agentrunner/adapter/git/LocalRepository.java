package dev.agentrunner.adapter.git;

import dev.agentrunner.adapter.git.RemoteAddress.Origin;
import dev.agentrunner.core.task.Identity;
import dev.agentrunner.port.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.api.AddCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.LockFailedException;

/** A repository on this machine, looked up and opened anew for each question. */
final class LocalRepository implements Repository {

  private final Path folder;
  private final UserConfig user;
  private final Credentials credentials;
  private final InstantSource clock;

  LocalRepository(Path folder, UserConfig user, Credentials credentials, InstantSource clock) {
    this.folder = folder;
    this.user = user;
    this.credentials = credentials;
    this.clock = clock;
  }

  private interface Work<T> {
    T on(InertRepository repository, Located located) throws IOException, GitAPIException, Refusal;
  }

  private <T> T with(Work<T> work) throws Refusal {
    try {
      Located located = Located.from(folder);
      try (InertRepository repository = InertRepository.open(located)) {
        return work.on(repository, located);
      }
    } catch (LockFailedException e) {
      throw new Refusal(
          "another git is at work here, or died and left %s behind".formatted(e.getFile()));
    } catch (IOException | GitAPIException | RuntimeException e) {
      // JGit has no end of ways to say that a repository is broken, some of them unchecked.
      throw new Refusal(Masked.trouble(e));
    }
  }

  /** For what takes git's locks. */
  private static <T> Work<T> claiming(Work<T> work) {
    return (repository, located) -> {
      try (Claim _ = Claim.on(repository)) {
        return work.on(repository, located);
      }
    };
  }

  private Answer answer(Work<String> work) {
    try {
      return new Answer.Done(with(work));
    } catch (Refusal refusal) {
      return new Answer.Refused(refusal.reason());
    }
  }

  @Override
  public Answer status() {
    return answer((repository, located) -> new GitStatus().of(located.folder()));
  }

  @Override
  public Answer diff(boolean staged, List<String> paths) {
    return answer((repository, located) -> {
      RepositoryPaths names = new RepositoryPaths(located.prefix());
      return new Patch(repository).of(staged, names.of(paths.isEmpty() ? List.of(".") : paths));
    });
  }

  @Override
  public Answer log(Optional<String> branch, int max) {
    return answer((repository, located) -> new Branches(repository).log(branch, max));
  }

  @Override
  public Answer branches() {
    return answer((repository, located) -> new Branches(repository).list());
  }

  @Override
  public Answer createBranch(String name) {
    return answer((repository, located) -> new Branches(repository).create(name));
  }

  @Override
  public Answer checkout(String name) {
    return answer((repository, located) -> {
      if (!located.prefix().isEmpty()) {
        throw new Refusal(
            "the repository is larger than this folder: a checkout would change files outside of"
                + " it");
      }
      return new Branches(repository).checkout(name);
    });
  }

  @Override
  public Answer enter(String name) {
    return answer(claiming((repository, located) -> new Branches(repository).enter(name)));
  }

  @Override
  public Answer add(List<String> paths) {
    return answer((repository, located) -> {
      AddCommand add = new AddCommand(repository);
      for (String path : new RepositoryPaths(located.prefix()).of(paths)) {
        add.addFilepattern(path.isEmpty() ? "." : path);
      }
      add.call();
      return "";
    });
  }

  @Override
  public Committing commit(Order order) {
    try {
      return with(
          claiming((repository, located) -> {
            Identity author =
                order
                    .author()
                    .or(() -> user.identity(repository.getConfig()))
                    .orElseThrow(() -> new Refusal(nobody()));
            return new TaskCommit(repository, located, order, author, clock.instant()).make();
          }));
    } catch (Refusal refusal) {
      return new Committing.Left(refusal.reason());
    }
  }

  private static String nobody() {
    return "nobody is named as the author; set git.author, or git config --global user.name and"
        + " user.email";
  }

  @Override
  public Answer push(String remote, String branch) {
    return answer(
        (repository, located) -> new Remotes(repository, credentials).push(remote, branch));
  }

  @Override
  public Optional<String> remoteOf(String branch) {
    try {
      return with((repository, located) -> new Remotes(repository, credentials).of(branch));
    } catch (Refusal refusal) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Identity> identity() {
    try {
      return with((repository, located) -> user.identity(repository.getConfig()));
    } catch (Refusal refusal) {
      return Optional.empty();
    }
  }

  @Override
  public Answer clone(String address, String into) {
    try {
      if (RemoteAddress.of(address, Origin.AGENT) instanceof RemoteAddress.Web web) {
        return new Answer.Done(new Copy(folder.toRealPath(), credentials).make(web, into));
      }
      return new Answer.Refused("only https addresses are cloned");
    } catch (Refusal refusal) {
      return new Answer.Refused(refusal.reason());
    } catch (IOException | GitAPIException | RuntimeException e) {
      return new Answer.Refused(Masked.trouble(e));
    }
  }
}
