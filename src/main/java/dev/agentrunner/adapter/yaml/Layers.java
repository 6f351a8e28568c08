package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.Node.Sequence;
import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Named;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** Lays trees of settings over each other, so that each value keeps its place. */
final class Layers {

  private static final Origin BUILT_IN = new Origin.Default();

  private Layers() {}

  /**
   * {@code above} wins key by key; lists are replaced whole; what says nothing covers nothing. Keys
   * that the shape does not know are left out.
   */
  static Mapping merged(Mapping below, Mapping above, Shape shape) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>(below.entries());
    if (shape instanceof Group group
        && group.rivals().stream().anyMatch(rival -> above.get(rival).isPresent())) {
      group.rivals().forEach(entries::remove);
    }
    for (Entry entry : above.entries().values()) {
      String key = entry.key().text();
      Optional<Shape> child = child(shape, key);
      if (child.isPresent() && !entry.value().isNothing()) {
        Node value = spelledOut(entry.value(), child.get());
        if (value instanceof Mapping over) {
          // Even over nothing, to spell out and leave out further down.
          Mapping under = below.inner(key).orElseGet(() -> Mapping.empty(over.at()));
          value = merged(under, over, child.get());
        }
        entries.put(key, new Entry(entry.key(), value));
      }
    }
    return new Mapping(entries, above.at());
  }

  /** The mapping with everything that nobody wrote but that holds all the same. */
  static Mapping completed(Mapping written, Shape shape) {
    return switch (shape) {
      case Group group -> completed(written, group);
      case Named named -> {
        SequencedMap<String, Entry> entries = new LinkedHashMap<>();
        for (Entry entry : written.entries().values()) {
          entries.put(
              entry.key().text(), new Entry(entry.key(), completed(entry.value(), named.value())));
        }
        yield new Mapping(entries, written.at());
      }
      case Shape.Text _,
          Shape.Choice _,
          Shape.Whole _,
          Shape.Time _,
          Shape.Items _,
          Shape.CommandLine _ ->
          written;
    };
  }

  private static Mapping completed(Mapping written, Group group) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    for (Member key : group.keys()) {
      Entry there = written.entries().get(key.name());
      if (there != null && !there.value().isNothing()) {
        entries.put(key.name(), new Entry(there.key(), completed(there.value(), key.shape())));
        continue;
      }
      Scalar name = new Scalar(key.name(), true, BUILT_IN);
      key.standard()
          .ifPresent(
              text -> entries.put(key.name(), new Entry(name, new Scalar(text, false, BUILT_IN))));
      if (key.shape() instanceof Group inner) {
        Mapping standard = completed(Mapping.empty(BUILT_IN), inner);
        if (!standard.entries().isEmpty()) {
          entries.put(key.name(), new Entry(name, standard));
        }
      }
    }
    return new Mapping(entries, written.at());
  }

  private static Node completed(Node written, Shape shape) {
    return spelledOut(written, shape) instanceof Mapping mapping
        ? completed(mapping, shape)
        : written;
  }

  /** What may stand under {@code key}; empty if nothing. */
  static Optional<Shape> child(Shape shape, String key) {
    return switch (shape) {
      case Group group -> group.key(key).map(Member::shape);
      case Named named -> Optional.of(named.value());
      case Shape.Text _,
          Shape.Choice _,
          Shape.Whole _,
          Shape.Time _,
          Shape.Items _,
          Shape.CommandLine _ ->
          Optional.empty();
    };
  }

  /** The mapping that a shorthand stands for. */
  private static Node spelledOut(Node value, Shape shape) {
    if (!(shape instanceof Group group) || group.shorthand().isEmpty()) {
      return value;
    }
    return switch (value) {
      case Mapping mapping -> mapping;
      case Scalar _, Sequence _ -> {
        String key = group.shorthand().get();
        SequencedMap<String, Entry> entries = new LinkedHashMap<>();
        entries.put(key, new Entry(new Scalar(key, true, value.at()), value));
        yield new Mapping(entries, value.at());
      }
    };
  }
}
