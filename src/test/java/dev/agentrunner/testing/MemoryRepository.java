package dev.agentrunner.testing;

import dev.agentrunner.core.task.Identity;
import dev.agentrunner.port.Repositories;
import dev.agentrunner.port.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One repository for all folders, in memory: it keeps what it was asked to commit and push. */
public final class MemoryRepository implements Repositories, Repository {

  public final List<Order> commits = new ArrayList<>();
  public final List<String> pushes = new ArrayList<>();
  public final List<String> branches = new ArrayList<>(List.of("main"));
  public Optional<Identity> user = Optional.of(new Identity("Ada", "ada@example.org"));

  /** Why nothing is committed any more. */
  public Optional<String> trouble = Optional.empty();

  @Override
  public Lookup at(String folder) {
    return new Lookup.Found(this);
  }

  @Override
  public Answer status() {
    return new Answer.Done("");
  }

  @Override
  public Answer diff(boolean staged, List<String> paths) {
    return new Answer.Done("");
  }

  @Override
  public Answer log(Optional<String> branch, int max) {
    return new Answer.Done("");
  }

  @Override
  public Answer branches() {
    return new Answer.Done(String.join("\n", branches));
  }

  @Override
  public Answer createBranch(String name) {
    branches.add(name);
    return new Answer.Done("");
  }

  @Override
  public Answer checkout(String name) {
    return enter(name);
  }

  @Override
  public Answer enter(String name) {
    branches.remove(name);
    branches.add(name);
    return new Answer.Done("");
  }

  @Override
  public Answer add(List<String> paths) {
    return new Answer.Done("");
  }

  @Override
  public Committing commit(Order order) {
    if (trouble.isPresent()) {
      return new Committing.Left(trouble.get());
    }
    if (commits.stream().noneMatch(made -> made.trailers().equals(order.trailers()))) {
      commits.add(order);
    }
    return new Committing.Made(String.join(", ", order.trailers()), branches.getLast());
  }

  @Override
  public Answer push(String remote, String branch) {
    pushes.add(remote + " " + branch);
    return new Answer.Done("");
  }

  @Override
  public Optional<String> remoteOf(String branch) {
    return Optional.of("origin");
  }

  @Override
  public Optional<Identity> identity() {
    return user;
  }

  @Override
  public Answer clone(String address, String folder) {
    return new Answer.Done("");
  }
}
