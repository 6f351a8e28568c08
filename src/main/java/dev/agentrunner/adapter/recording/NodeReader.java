package dev.agentrunner.adapter.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/** Reads the documents of a YAML file one after the other. Aliases are not followed. */
final class NodeReader implements AutoCloseable {

  private static final int DEPTH_MAX = 100;

  private final CassetteSource source;
  private final YAMLParser in;

  NodeReader(CassetteSource source, String yaml) {
    this.source = source;
    try {
      this.in = factory().createParser(yaml);
    } catch (IOException e) {
      throw new IllegalStateException("text in memory can always be read", e);
    }
  }

  private static YAMLFactory factory() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    YAMLFactory factory = YAMLFactory.builder().loaderOptions(options).build();
    factory.setStreamReadConstraints(
        StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build());
    return factory;
  }

  /** The next document that holds anything; empty when there are no more. */
  Optional<Node> next() {
    try {
      while (!in.isClosed()) {
        JsonToken token = in.nextToken();
        if (token != null && token != JsonToken.VALUE_NULL) {
          return Optional.of(node(token, 0));
        }
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw source.fault(
          at == null ? new Node.Place(1, 1) : new Node.Place(at.getLineNr(), at.getColumnNr()),
          "no YAML: " + e.getOriginalMessage().lines().findFirst().orElse("damaged"));
    } catch (IOException e) {
      throw new IllegalStateException("text in memory can always be read", e);
    }
  }

  private Node node(JsonToken token, int depth) throws IOException {
    Node.Place place = place();
    if (depth > DEPTH_MAX) {
      throw source.fault(place, "nested deeper than " + DEPTH_MAX);
    }
    return switch (token) {
      case START_OBJECT -> mapping(place, depth);
      case START_ARRAY -> sequence(place, depth);
      default -> new Node.Scalar(place, in.getText(), value(token));
    };
  }

  private Node mapping(Node.Place place, int depth) throws IOException {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    for (JsonToken token = in.nextToken(); token != JsonToken.END_OBJECT; token = in.nextToken()) {
      String name = in.currentName();
      Node.Place at = place();
      if (members.containsKey(name)) {
        throw source.fault(at, name + " stands here twice");
      }
      members.put(name, new Node.Member(at, node(in.nextToken(), depth + 1)));
    }
    return new Node.Mapping(place, members);
  }

  private Node sequence(Node.Place place, int depth) throws IOException {
    List<Node> items = new ArrayList<>();
    for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      items.add(node(token, depth + 1));
    }
    return new Node.Sequence(place, items);
  }

  private @Nullable Object value(JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_NUMBER_INT ->
          in.getNumberType() == YAMLParser.NumberType.BIG_INTEGER
              ? in.getBigIntegerValue()
              : (Object) in.getLongValue();
      case VALUE_NUMBER_FLOAT -> in.isNaN() ? in.getText() : in.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> in.getText();
    };
  }

  private Node.Place place() {
    var at = in.currentTokenLocation();
    return new Node.Place(at.getLineNr(), at.getColumnNr());
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new IllegalStateException("text in memory can always be closed", e);
    }
  }
}
