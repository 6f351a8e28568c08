package dev.agentrunner.adapter.yaml;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.NodeBuilder.GiveUp;
import dev.agentrunner.adapter.yaml.Origin.InFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads JSON, numbers and all, as text with its place. */
final class JsonTree {

  private static final String CURE =
      "JSON knows double quotes only, no comments and no comma before a closing bracket";

  private final Source source;
  private final Faults faults;
  private final NodeBuilder builder;

  /** The token met last: one line may hold them all, so columns are counted on from there. */
  private InFile place;

  private int placeOffset;

  private JsonTree(Source source, Faults faults) {
    this.source = source;
    this.faults = faults;
    this.builder = new NodeBuilder(faults);
    this.place = source.at(0, 1);
  }

  /** The one value of {@code source}; empty if there is none, or none that could be read. */
  static Optional<Node> read(Source source, Faults faults) {
    return new JsonTree(source, faults).read();
  }

  private Optional<Node> read() {
    try (JsonParser parser = new JsonFactory().createParser(source.text())) {
      @Nullable JsonToken token = parser.nextToken();
      while (token != null) {
        if (builder.root().isPresent()) {
          faults.add(at(parser, 1), "text after the end", "one file holds one object");
          return Optional.empty();
        }
        met(token, parser);
        token = parser.nextToken();
      }
    } catch (GiveUp _) {
      return Optional.empty();
    } catch (JsonProcessingException trouble) {
      long offset = trouble.getLocation() == null ? 0 : trouble.getLocation().getCharOffset();
      faults.add(source.at((int) offset, 1), "not JSON: " + told(trouble), CURE);
      return Optional.empty();
    } catch (IOException impossible) {
      throw new UncheckedIOException("reading from memory", impossible);
    }
    return builder.root();
  }

  private void met(JsonToken token, JsonParser parser) throws IOException, GiveUp {
    switch (token) {
      case START_OBJECT -> builder.openMapping(at(parser, 1), null);
      case START_ARRAY -> builder.openList(at(parser, 1), null);
      case END_OBJECT, END_ARRAY -> builder.close();
      case FIELD_NAME, VALUE_STRING -> scalar(parser, false, 2);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE, VALUE_NULL ->
          scalar(parser, true, 0);
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("not from text: " + token);
    }
  }

  private void scalar(JsonParser parser, boolean plain, int quotes) throws IOException, GiveUp {
    String text = parser.getText();
    InFile at = at(parser, text.codePointCount(0, text.length()) + quotes);
    builder.scalar(new Scalar(text, plain, at), null);
  }

  private InFile at(JsonParser parser, int width) {
    int offset = (int) parser.currentTokenLocation().getCharOffset();
    place = source.after(place, placeOffset, offset).wide(width);
    placeOffset = offset;
    return place;
  }

  /** Jackson's own words, without its remarks on the parser. */
  private static String told(JsonProcessingException trouble) {
    String message = trouble.getOriginalMessage();
    int remark = message.indexOf(" (for ");
    return Printable.of(remark < 0 ? message : message.substring(0, remark));
  }
}
