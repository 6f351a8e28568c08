package dev.agentrunner.core.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every program a line starts, those that other programs start for it included.
 *
 * @param all wrappers and what they wrap: none of them may be denied
 * @param judged those that must be allowed, each on its own: not {@code timeout}, but what it runs
 * @param plain whether there is no subshell or substitution
 * @param doubt what cannot be judged
 */
record Started(
    List<SimpleCommand> all, List<SimpleCommand> judged, boolean plain, Optional<String> doubt) {

  private static final int DEPTH_MAX = 20;

  static Started by(ShellLine line) {
    var collection = new Collection();
    line.commands().forEach(command -> collection.add(command, 0));
    return new Started(
        List.copyOf(collection.all),
        List.copyOf(collection.judged),
        !line.grouped() && collection.plain,
        line.doubt().or(() -> collection.doubt));
  }

  private static final class Collection {

    private final List<SimpleCommand> all = new ArrayList<>();
    private final List<SimpleCommand> judged = new ArrayList<>();
    private Optional<String> doubt = Optional.empty();
    private boolean plain = true;

    void add(SimpleCommand command, int depth) {
      all.add(command);
      Optional<Wrapper.Inner> wrapped = Wrapper.of(command);
      if (depth >= DEPTH_MAX) {
        doubt = Optional.of("it is nested too deeply");
      } else if (wrapped.isPresent()) {
        doubt = doubt.or(wrapped.get()::doubt);
        plain &= wrapped.get().plain();
        wrapped.get().commands().forEach(inner -> add(inner, depth + 1));
      }
      if (wrapped.filter(Wrapper.Inner::alone).isEmpty()) {
        judged.add(command);
      }
    }
  }
}
