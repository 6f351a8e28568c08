package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Named;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntBiFunction;
import java.util.stream.Stream;

/**
 * Settings from outside of files, made into a layer of their own.
 *
 * <pre>
 * fail_safe.max_attempts_per_task    AGENT_RUNNER_FAIL_SAFE__MAX_ATTEMPTS_PER_TASK
 * hooks.unit-tests.timeout           AGENT_RUNNER_HOOKS__UNIT_TESTS__TIMEOUT
 * </pre>
 *
 * A variable is a key in capitals, with two underscores for each dot. Names of the user's own are
 * recognised with {@code -} and {@code .} as one underscore; a new one is taken in small letters.
 * An empty variable counts as not set.
 */
final class Overrides {

  static final String PREFIX = "AGENT_RUNNER_";

  /** Variables of ours that are no settings; also all that begin with {@code ORIG_}. */
  private static final Set<String> RESERVED =
      Set.of(
          "ATTEMPT",
          "CORPORA",
          "EVENT",
          "FIXTURES",
          "HOME",
          "JAVA",
          "LOG_LEVEL",
          "MESSAGE",
          "RESUME_AT",
          "RUN_ID",
          "TASKS_FILE",
          "TASK_ID",
          "TITLE");

  private static final Mapping NOTHING = Mapping.empty(new Origin.Default());

  private final Group root;
  private final Faults faults;
  private final Mapping below;
  private Mapping layer = NOTHING;

  /**
   * @param below what the layer will be laid over, where names of the user's own are found
   */
  Overrides(Mapping below, Group root, Faults faults) {
    this.below = below;
    this.root = root;
    this.faults = faults;
  }

  /** Everything given so far. */
  Mapping layer() {
    return layer;
  }

  void variables(Map<String, String> environment) {
    new TreeMap<>(environment)
        .forEach((name, value) -> {
          if (name.startsWith(PREFIX) && !value.isEmpty()) {
            variable(name, value);
          }
        });
  }

  void flag(Flag flag) {
    Origin at = new Origin.Option(flag.name());
    Optional<List<String>> path = flagPath(List.of(flag.key().split("\\.", -1)));
    if (path.isPresent()) {
      lay(path.get(), flag.value(), at);
    } else {
      faults.add(
          at,
          "there is no setting " + Printable.quoted(flag.key()),
          Spelling.advice(flag.key(), known("."), "there are:"));
    }
  }

  private void variable(String name, String value) {
    String rest = name.substring(PREFIX.length());
    if (RESERVED.contains(rest) || rest.startsWith("ORIG_")) {
      return;
    }
    Origin at = new Origin.Variable(name);
    Optional<List<String>> path = variablePath(List.of(rest.split("__", -1)));
    if (path.isPresent()) {
      lay(path.get(), value, at);
    } else {
      List<String> known = known("__").stream().map(key -> PREFIX + upper(key)).toList();
      faults.warn(at, "not a setting, and left alone", Spelling.advice(name, known, "there are:"));
    }
  }

  private void lay(List<String> path, String value, Origin at) {
    Node node = new Scalar(value, false, at);
    for (String key : path.reversed()) {
      SequencedMap<String, Entry> entries = new LinkedHashMap<>();
      entries.put(key, new Entry(new Scalar(key, false, at), node));
      node = new Mapping(entries, at);
    }
    new ShapeCheck(faults).check(node, root, "");
    layer = Layers.merged(layer, (Mapping) node, root);
  }

  private List<String> known(String dot) {
    List<String> known = new ArrayList<>();
    collect(root, "", dot, known);
    return known;
  }

  /** Settings under names of ours; those under the user's own are too many to guess at. */
  private static void collect(Group group, String prefix, String dot, List<String> known) {
    for (Member key : group.keys()) {
      if (key.shape() instanceof Group inner) {
        collect(inner, prefix + key.name() + dot, dot, known);
      } else if (takesText(key.shape())) {
        known.add(prefix + key.name());
      }
    }
  }

  private Optional<List<String>> flagPath(List<String> words) {
    return path(root, below, words, Overrides::wordsOfName);
  }

  private Optional<List<String>> variablePath(List<String> words) {
    return path(root, below, words, (_, _) -> 1);
  }

  /** How many of the words, joined by dots, are a name that is there; 1 if none are. */
  private static int wordsOfName(Mapping here, List<String> words) {
    for (int count = words.size() - 1; count > 1; count--) {
      if (here.entries().containsKey(String.join(".", words.subList(0, count)))) {
        return count;
      }
    }
    return 1;
  }

  private static Optional<List<String>> path(
      Shape shape,
      Mapping here,
      List<String> words,
      ToIntBiFunction<Mapping, List<String>> nameLength) {
    if (words.isEmpty()) {
      return takesText(shape) ? Optional.of(List.of()) : Optional.empty();
    }
    int length = shape instanceof Named ? nameLength.applyAsInt(here, words) : 1;
    String word = String.join(".", words.subList(0, length));
    Optional<String> key = word.isEmpty() ? Optional.empty() : key(shape, here, word);
    Optional<Shape> next = key.flatMap(found -> Layers.child(shape, found));
    if (next.isEmpty()) {
      return Optional.empty();
    }
    Mapping inner = here.inner(key.get()).orElse(NOTHING);
    return path(next.get(), inner, words.subList(length, words.size()), nameLength)
        .map(rest -> Stream.concat(key.stream(), rest.stream()).toList());
  }

  private static Optional<String> key(Shape shape, Mapping here, String word) {
    return switch (shape) {
      case Group group -> same(group.names(), word);
      case Named named when named.names() == TextKind.VARIABLE -> Optional.of(word);
      case Named _ ->
          same(here.entries().keySet(), word).or(() -> Optional.of(word.toLowerCase(Locale.ROOT)));
      case Shape.Text _,
          Shape.Choice _,
          Shape.Whole _,
          Shape.Time _,
          Shape.Items _,
          Shape.CommandLine _ ->
          Optional.empty();
    };
  }

  private static Optional<String> same(Collection<String> names, String word) {
    return names.contains(word)
        ? Optional.of(word)
        : names.stream().filter(name -> upper(name).equals(upper(word))).findFirst();
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  private static boolean takesText(Shape shape) {
    return switch (shape) {
      case Shape.Text _, Shape.Choice _, Shape.Whole _, Shape.Time _, Shape.CommandLine _ -> true;
      case Group group -> group.shorthand().isPresent();
      case Shape.Items _, Named _ -> false;
    };
  }
}
