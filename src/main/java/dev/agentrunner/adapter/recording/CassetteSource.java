package dev.agentrunner.adapter.recording;

import dev.agentrunner.port.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A file being read, for messages about what is wrong in it. */
record CassetteSource(Path file) {

  UsageException fault(Node.Place place, String what) {
    return new UsageException(
        "%s:%d:%d: %s; mend it there, or name another cassette"
            .formatted(file, place.line(), place.column(), what));
  }

  /** The members of {@code node}, which may have those names and no others. */
  Fields fields(Node node, String what, List<String> names) {
    if (!(node instanceof Node.Mapping mapping)) {
      throw fault(node.place(), what + " is a mapping of " + String.join(", ", names));
    }
    mapping
        .members()
        .forEach((name, member) -> {
          if (!names.contains(name)) {
            throw fault(
                member.name(),
                "%s has no %s; there are %s".formatted(what, name, String.join(", ", names)));
          }
        });
    return new Fields(this, mapping, what);
  }

  List<Node> items(Node node, String what) {
    if (node instanceof Node.Sequence sequence) {
      return sequence.items();
    }
    throw fault(node.place(), what + " is a list");
  }

  String text(Node node, String what) {
    if (node instanceof Node.Scalar scalar && scalar.value() != null) {
      return scalar.text();
    }
    throw fault(node.place(), what + " is a text");
  }

  long count(Node node, String what, long min) {
    if (node instanceof Node.Scalar(_, _, Long number) && number >= min) {
      return number;
    }
    throw fault(node.place(), what + " is a whole number from " + min);
  }

  boolean truth(Node node, String what) {
    if (node instanceof Node.Scalar(_, _, Boolean truth)) {
      return truth;
    }
    throw fault(node.place(), what + " is true or false");
  }

  /** The members of one mapping. */
  record Fields(CassetteSource source, Node.Mapping mapping, String what) {

    Optional<Node> any(String name) {
      return Optional.ofNullable(mapping.members().get(name)).map(Node.Member::value);
    }

    Node one(String name) {
      return any(name).orElseThrow(() -> source.fault(mapping.place(), what + " needs " + name));
    }

    Optional<String> anyText(String name) {
      return any(name).map(node -> source.text(node, name));
    }

    String text(String name) {
      return source.text(one(name), name);
    }

    String text(String name, String otherwise) {
      return anyText(name).orElse(otherwise);
    }

    int count(String name, int min) {
      return Math.toIntExact(Math.min(Integer.MAX_VALUE, source.count(one(name), name, min)));
    }

    long count(String name, int min, long otherwise) {
      return any(name).map(node -> source.count(node, name, min)).orElse(otherwise);
    }

    boolean truth(String name, boolean otherwise) {
      return any(name).map(node -> source.truth(node, name)).orElse(otherwise);
    }
  }
}
