package dev.agentrunner.engine;

import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.engine.Planned.Said;
import dev.agentrunner.port.Workspace;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tools that look and touch nothing. What they say is bounded, so that no file can fill the model's
 * window.
 */
final class ReadingTools {

  private static final int CHARS_MAX = 48_000;
  private static final int PATHS_MAX = 500;
  private static final int MATCHES_MAX = 100;

  private ReadingTools() {}

  /** {@code read_file}. */
  static final class ReadFile implements AgentTools.Tool {

    private static final ToolSpec SPEC =
        new ToolSpec(
            "read_file",
            "Read a text file. Long files are cut; ask for the rest with from_line.",
            new Parameters()
                .need("path", "string", "Relative to the task's folder, such as src/app.py.")
                .may("from_line", "integer", "First line wanted, from 1.")
                .may("lines", "integer", "How many lines are wanted; all by default.")
                .schema());

    @Override
    public ToolSpec spec() {
      return SPEC;
    }

    @Override
    public Planned plan(Arguments arguments, Reach reach) {
      Workspace workspace = reach.workspace();
      String path = arguments.text("path");
      int from = Math.max(1, arguments.whole("from_line", 1));
      int lines = arguments.whole("lines", Integer.MAX_VALUE);
      return new Planned.Reads(() ->
          switch (workspace.read(path)) {
            case Workspace.Content.Bytes(byte[] bytes) -> show(path, bytes, from, lines);
            case Workspace.Content.Missing() -> Said.wrong("There is no file " + path + ".");
            case Workspace.Content.Refused(String reason) -> Said.wrong(reason);
          });
    }

    private static Said show(String path, byte[] bytes, int from, int lines) {
      if (isBinary(bytes)) {
        return Said.wrong("%s is not text (%d bytes).".formatted(path, bytes.length));
      }
      String text = new String(bytes, StandardCharsets.UTF_8).replace("\r\n", "\n");
      if (text.startsWith("\uFEFF")) {
        text = text.substring(1);
      }
      if (text.isEmpty()) {
        return Said.fine("(the file is empty)");
      }
      List<String> all = text.lines().toList();
      if (from > all.size()) {
        return Said.wrong("%s has only %d lines.".formatted(path, all.size()));
      }
      StringBuilder shown = new StringBuilder();
      int next = from;
      while (next <= all.size() && next - from < lines && shown.length() < CHARS_MAX) {
        String line = all.get(next - 1);
        int room = CHARS_MAX - shown.length();
        shown.append(line.length() > room ? line.substring(0, room) + " …" : line).append('\n');
        next++;
      }
      if (next <= all.size()) {
        shown.append(
            "(lines %d to %d of %d; go on with from_line %d)%n"
                .formatted(from, next - 1, all.size(), next));
      }
      return Said.fine(shown.toString());
    }

    private static boolean isBinary(byte[] bytes) {
      for (int i = 0; i < Math.min(bytes.length, 8_000); i++) {
        if (bytes[i] == 0) {
          return true;
        }
      }
      return false;
    }
  }

  /** {@code list_files}. */
  static final class ListFiles implements AgentTools.Tool {

    private static final ToolSpec SPEC =
        new ToolSpec(
            "list_files",
            "List files, without those that git ignores.",
            new Parameters()
                .may("path", "string", "Folder to look in; the task's folder by default.")
                .may("glob", "string", "Only files like this, such as *.py or src/**/*.java.")
                .schema());

    @Override
    public ToolSpec spec() {
      return SPEC;
    }

    @Override
    public Planned plan(Arguments arguments, Reach reach) {
      Workspace workspace = reach.workspace();
      String path = arguments.mayText("path").filter(p -> !p.equals(".")).orElse("");
      var glob = arguments.mayText("glob").filter(pattern -> !pattern.isEmpty());
      return new Planned.Reads(() -> {
        Workspace.Listing listing = workspace.list(path, glob, PATHS_MAX);
        if (listing.refused().isPresent()) {
          return Said.wrong(listing.refused().get());
        }
        if (listing.paths().isEmpty()) {
          return Said.fine("(no files)");
        }
        String more = listing.more() ? "\n(and more; narrow it down with path or glob)" : "";
        return Said.fine(String.join("\n", listing.paths()) + more);
      });
    }
  }

  /** {@code search_text}. */
  static final class SearchText implements AgentTools.Tool {

    private static final ToolSpec SPEC =
        new ToolSpec(
            "search_text",
            "Find lines that match a regular expression, in all files that git does not ignore.",
            new Parameters()
                .need("pattern", "string", "A regular expression, matched within a line.")
                .may("glob", "string", "Only in files like this, such as *.py.")
                .schema());

    @Override
    public ToolSpec spec() {
      return SPEC;
    }

    @Override
    public Planned plan(Arguments arguments, Reach reach) {
      Workspace workspace = reach.workspace();
      String pattern = arguments.text("pattern");
      var glob = arguments.mayText("glob").filter(one -> !one.isEmpty());
      return new Planned.Reads(() -> {
        Workspace.Matches matches = workspace.search(pattern, glob, MATCHES_MAX);
        StringBuilder shown = new StringBuilder();
        for (Workspace.Match match : matches.found()) {
          shown.append(match.path()).append(':').append(match.line()).append(": ");
          shown.append(match.text()).append('\n');
        }
        matches.refused().ifPresent(reason -> shown.append(reason).append('\n'));
        if (matches.more()) {
          shown.append("(there may be more; narrow it down)\n");
        }
        boolean nothing = matches.found().isEmpty();
        return nothing && matches.refused().isPresent()
            ? Said.wrong(shown.toString())
            : Said.fine(shown.isEmpty() ? "(no line matches)" : shown.toString());
      });
    }
  }
}
