package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.NodeBuilder.GiveUp;
import dev.agentrunner.adapter.yaml.Origin.InFile;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** Reads YAML from SnakeYAML's event stream; none of its types are resolved, none of its tags. */
final class YamlTree {

  /** SnakeYAML copies what it holds of a long piece of text again and again as it reads on. */
  private static final int LINE_MAX = 500_000;

  private final Source source;
  private final Faults faults;
  private final NodeBuilder builder;
  private final LineMarks marks;

  private YamlTree(Source source, Faults faults) {
    this.source = source;
    this.faults = faults;
    this.builder = new NodeBuilder(faults);
    this.marks = LineMarks.hiddenIn(source.text());
  }

  /** The one document of {@code source}; empty if there is none, or none that could be read. */
  static Optional<Node> read(Source source, Faults faults) {
    return new YamlTree(source, faults).read();
  }

  private Optional<Node> read() {
    OptionalInt longLine = source.lineLongerThan(LINE_MAX);
    if (longLine.isPresent()) {
      faults.add(
          new InFile(source, longLine.getAsInt(), 1, 1),
          "a line of more than %d characters".formatted(LINE_MAX),
          "break it; long text can go into a file of its own");
      return Optional.empty();
    }
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    StreamReader reader = new StreamReader(marks.hidden(source.text()));
    ParserImpl parser = new ParserImpl(reader, options);
    try {
      boolean more = true;
      while (more) {
        more = met(parser.getEvent());
      }
    } catch (GiveUp _) {
      return Optional.empty();
    } catch (MarkedYAMLException trouble) {
      faults.add(YamlTrouble.explained(source, trouble));
      return Optional.empty();
    } catch (NumberFormatException _) {
      // SnakeYAML lets this one out for an escape past the last Unicode character.
      faults.add(
          at(reader),
          "this escape stands for no character",
          "use single quotes, or write two backslashes");
      return Optional.empty();
    } catch (YAMLException _) {
      // What is left is about keys whose line begins with something else, and says so to nobody.
      faults.add(at(reader), "cannot be read from here on", "check indentation and what is above");
      return Optional.empty();
    }
    return builder.root();
  }

  private boolean met(Event event) throws GiveUp {
    switch (event.getEventId()) {
      case DocumentStart -> {
        if (builder.root().isPresent()) {
          faults.add(
              at(event).wide(3), "a second document begins here", "one file holds one document");
          throw new GiveUp();
        }
      }
      case Scalar -> scalar((ScalarEvent) event);
      case SequenceStart -> {
        checkTag(((CollectionStartEvent) event).getTag(), at(event));
        builder.openList(at(event).wide(1), anchor(event));
      }
      case MappingStart -> {
        checkTag(((CollectionStartEvent) event).getTag(), at(event));
        builder.openMapping(at(event).wide(1), anchor(event));
      }
      case SequenceEnd, MappingEnd -> builder.close();
      case Alias -> builder.alias(((AliasEvent) event).getAnchor(), at(event));
      case StreamEnd -> {
        return false;
      }
      case StreamStart, DocumentEnd, Comment -> {}
    }
    return true;
  }

  private void scalar(ScalarEvent event) throws GiveUp {
    InFile at = at(event);
    @Nullable String tag = event.getTag();
    checkTag(tag, at);
    boolean plain = event.isPlain() && tag == null;
    builder.scalar(new Scalar(marks.restored(event.getValue()), plain, at), anchor(event));
  }

  private void checkTag(@Nullable String tag, InFile at) {
    if (tag == null) {
      return;
    }
    switch (tag) {
      case "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map" -> {}
      default ->
          faults.add(
              at,
              "tags are not read: %s".formatted(Printable.quoted(tag)),
              "leave the tag out; text that begins with '!' goes in quotes");
    }
  }

  private static @Nullable String anchor(Event event) {
    return ((NodeEvent) event).getAnchor();
  }

  private InFile at(StreamReader reader) {
    return new InFile(source, reader.getLine() + 1, reader.getColumn() + 1, 1);
  }

  private InFile at(Event event) {
    Mark start = event.getStartMark();
    Mark end = event.getEndMark();
    int width = end.getLine() == start.getLine() ? end.getColumn() - start.getColumn() : 1;
    return new InFile(source, start.getLine() + 1, start.getColumn() + 1, Math.max(1, width));
  }
}
