package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.Node.Sequence;
import dev.agentrunner.adapter.yaml.Origin.InFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts a tree together from what a parser meets, without recursion. Bounds are kept before anything
 * grows: depth, number of values, and how much the aliases would come to if each were a copy.
 */
final class NodeBuilder {

  static final int DEPTH_MAX = 50;
  static final int ALIASES_MAX = 50;
  static final int VALUES_MAX = 200_000;

  /** The file is past mending as it is; the fault has been noted. */
  static final class GiveUp extends Exception {
    private static final long serialVersionUID = 1;

    GiveUp() {
      super("given up", null, false, false);
    }
  }

  private record Anchored(Node node, int values) {}

  /** A list or mapping that is still open. */
  private static final class Frame {
    final InFile at;
    final @Nullable String anchor;
    final @Nullable List<Node> items;
    final SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    int values = 1;
    boolean keyRead;
    @Nullable Scalar key;

    Frame(InFile at, @Nullable String anchor, boolean list) {
      this.at = at;
      this.anchor = anchor;
      this.items = list ? new ArrayList<>() : null;
    }

    boolean wantsKey() {
      return items == null && !keyRead;
    }

    Node finished() {
      return items == null ? new Mapping(entries, at) : new Sequence(items, at);
    }
  }

  private final Faults faults;
  private final Deque<Frame> open = new ArrayDeque<>();
  private final Map<String, Anchored> anchors = new HashMap<>();
  private int aliases;
  private int values;
  private @Nullable Node root;

  NodeBuilder(Faults faults) {
    this.faults = faults;
  }

  Optional<Node> root() {
    return Optional.ofNullable(root);
  }

  void scalar(Scalar scalar, @Nullable String anchor) throws GiveUp {
    count(1, scalar.at());
    remember(anchor, scalar, 1);
    place(scalar, 1);
  }

  void openList(InFile at, @Nullable String anchor) throws GiveUp {
    open(new Frame(at, anchor, true));
  }

  void openMapping(InFile at, @Nullable String anchor) throws GiveUp {
    open(new Frame(at, anchor, false));
  }

  /** Ends the list or mapping opened last. */
  void close() {
    Frame frame = open.pop();
    Node node = frame.finished();
    remember(frame.anchor, node, frame.values);
    place(node, frame.values);
  }

  void alias(String name, InFile at) throws GiveUp {
    if (++aliases > ALIASES_MAX) {
      faults.add(
          at,
          "more than %d aliases".formatted(ALIASES_MAX),
          "write the values out, or move what tasks share to 'defaults:'");
      throw new GiveUp();
    }
    if (open.stream().anyMatch(frame -> name.equals(frame.anchor))) {
      faults.add(
          at, "%s refers to what it is part of".formatted(shown(name)), "write the value out");
      throw new GiveUp();
    }
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      faults.add(
          at,
          "%s refers to an anchor that is not there: a '*' begins a reference"
              .formatted(shown(name)),
          "put text that begins with '*' in quotes, like '*.py'; or write &%s above"
              .formatted(Printable.of(cut(name))));
      place(new Scalar(name, false, at), 1);
      return;
    }
    count(anchored.values, at);
    place(anchored.node, anchored.values);
  }

  private void open(Frame frame) throws GiveUp {
    count(1, frame.at);
    if (open.size() >= DEPTH_MAX) {
      faults.add(
          frame.at,
          "nested deeper than %d levels".formatted(DEPTH_MAX),
          "nothing here needs more than a handful; check for brackets or dashes too many");
      throw new GiveUp();
    }
    open.push(frame);
  }

  private void count(int more, Origin at) throws GiveUp {
    values += more;
    if (faults.isFull()) {
      throw new GiveUp();
    }
    if (values > VALUES_MAX) {
      faults.add(
          at,
          "more than %d values, aliases counted in full".formatted(VALUES_MAX),
          "split the file");
      throw new GiveUp();
    }
  }

  private void remember(@Nullable String anchor, Node node, int weight) {
    if (anchor != null) {
      anchors.put(anchor, new Anchored(node, weight));
    }
  }

  private void place(Node node, int weight) {
    Frame frame = open.peek();
    if (frame == null) {
      root = node;
      return;
    }
    frame.values += weight;
    if (frame.items != null) {
      frame.items.add(node);
    } else if (frame.wantsKey()) {
      frame.key = key(node);
      frame.keyRead = true;
    } else {
      if (frame.key != null) {
        add(frame, frame.key, node);
      }
      frame.keyRead = false;
    }
  }

  /** The node as a key; null, and noted, if it cannot be one. */
  private @Nullable Scalar key(Node node) {
    if (!(node instanceof Scalar key)) {
      faults.add(
          node.at(),
          "a key is %s instead of a word".formatted(node.kind()),
          "text with braces or brackets goes in quotes, like \"{{ name }}\"");
      return null;
    }
    if (key.plain() && key.text().equals("<<")) {
      faults.add(
          key.at(), "merge keys ('<<') are not read", "put what tasks share under 'defaults:'");
      return null;
    }
    return key;
  }

  private void add(Frame frame, Scalar key, Node value) {
    Entry first = frame.entries.putIfAbsent(key.text(), new Entry(key, value));
    if (first != null) {
      faults.add(
          key.at(),
          "key %s is here twice, first %s"
              .formatted(
                  Printable.quoted(key.text()),
                  first.key().at() instanceof InFile at ? "in line " + at.line() : "elsewhere"),
          "keep one of the two");
    }
  }

  private static String shown(String alias) {
    return Printable.quoted("*" + alias);
  }

  private static String cut(String name) {
    return name.length() > 30 ? name.substring(0, 30) : name;
  }
}
