package dev.agentrunner.adapter.recording;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A piece of YAML that knows where it stands. */
sealed interface Node {

  Place place();

  /** From 1 each. */
  record Place(int line, int column) {}

  /**
   * @param text as written, without quotes
   * @param value the same as a JDK value; null for null
   */
  record Scalar(Place place, String text, @Nullable Object value) implements Node {}

  record Sequence(Place place, List<Node> items) implements Node {}

  /**
   * @param members in the order written
   */
  record Mapping(Place place, Map<String, Member> members) implements Node {}

  /** A value and where its name stands. */
  record Member(Place name, Node value) {}
}
