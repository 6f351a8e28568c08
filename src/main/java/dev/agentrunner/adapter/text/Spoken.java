package dev.agentrunner.adapter.text;

import dev.agentrunner.adapter.http.WrittenArguments;
import dev.agentrunner.core.chat.Appeal;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.edit.ReplyBlock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The calls in what a model wrote, read as leniently as small models ask for: among chatter, within
 * fences, with marks of Markdown around a word, with a path in quotes. The words of the requests
 * count in capitals and at the beginning of a line only, as prose has them too.
 */
final class Spoken {

  private static final String ID = "text_";
  private static final String NOTHING = "the reply asks for nothing, and does not say DONE";

  private static final Pattern THOUGHTS = Pattern.compile("(?s)\\A\\s*<think>.*?(</think>|\\z)");
  private static final Pattern REQUEST =
      Pattern.compile(
          "\\s*(?:>\\s*)?(?:[-*•]\\s+|\\d{1,3}[.)]\\s+|#{1,6}\\s+)?[*_`]*"
              + "(READ|LIST|FIND|SEARCH|GREP|CALL|DONE)\\b[*_`]*:?[*_`]*(?:[\\s\"'<]+(.*)|[.!]*)");
  private static final Pattern RANGE =
      Pattern.compile(
          "(.*?)(?:,?\\s+(?:lines?\\s+)?|:)(\\d{1,7})(?:\\s*(?:-|–|to)\\s*(\\d{1,7}))?");

  /** As in {@code (to see the class)}. */
  private static final Pattern REMARK = Pattern.compile("\\s+(?:\\(.*\\)|#\\s.*|(?:-|–|—)\\s.*)$");

  private static final Pattern WHERE = Pattern.compile("(.+?)\\s+(?:in|IN)\\s+(\\S*[*./]\\S*)");
  private static final Pattern NAME_OF_FILE =
      Pattern.compile("(?i)(?:file|path|edit|write|read|update|create|modify)\\b:?\\s+(.+)");

  private final String[] lines;
  private final Map<Integer, ReplyBlock> blocks = new HashMap<>();
  private final List<ToolCall> calls = new ArrayList<>();
  private boolean looks;
  private boolean done;
  private final StringBuilder summary = new StringBuilder();

  private Spoken(String said) {
    String text = THOUGHTS.matcher(said).replaceFirst("");
    this.lines = text.split("\r?\n", -1);
    ReplyBlock.in(text).forEach(block -> blocks.put(block.from(), block));
  }

  /** The calls in their order, but for the end of the task, which comes last. */
  static List<ToolCall> in(String said) {
    return new Spoken(said).read();
  }

  /** Stands for a reply that asks for nothing, so that the model hears of it. */
  static ToolCall nothingIn(String said) {
    return new ToolCall(ID + 1, "finish", new ToolCall.Broken(said, NOTHING));
  }

  static boolean nothing(ToolCall call) {
    return call.arguments() instanceof ToolCall.Broken(_, String why) && why.equals(NOTHING);
  }

  /** Whether it was read from words. */
  static boolean made(ToolCall call) {
    return call.id().startsWith(ID);
  }

  private List<ToolCall> read() {
    int at = 0;
    while (at < lines.length) {
      ReplyBlock block = blocks.get(at);
      if (block != null) {
        change(block);
        at = block.to();
      } else {
        at = readLine(at);
      }
    }
    // Whoever still wants to see something cannot know yet that the task is done, or what to ask.
    Optional<String> question = looks ? Optional.empty() : Appeal.in(String.join("\n", lines));
    if (question.isPresent()) {
      add("finish", new ToolCall.Valid(Map.of("summary", "It asks.", "question", question.get())));
    } else if (done && !looks) {
      String told = summary.toString().strip();
      add("finish", new ToolCall.Valid(Map.of("summary", told.isEmpty() ? "Done." : told)));
    }
    return List.copyOf(calls);
  }

  private void change(ReplyBlock block) {
    switch (block) {
      case ReplyBlock.Broken(int from, int to, String reason) ->
          add("edit_file", new ToolCall.Broken(text(from, to), reason));
      case ReplyBlock.Sound(_, _, String path, String search, String replace) -> {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("path", path(path));
        if (search.isBlank()) {
          arguments.put("content", replace);
          add("write_file", new ToolCall.Valid(arguments));
        } else {
          arguments.put("old_text", search);
          arguments.put("new_text", replace);
          add("edit_file", new ToolCall.Valid(arguments));
        }
      }
    }
  }

  private String text(int from, int to) {
    return String.join("\n", List.of(lines).subList(from, Math.min(to, lines.length)));
  }

  /** Returns where to go on. */
  private int readLine(int at) {
    Matcher request = REQUEST.matcher(lines[at]);
    if (!request.matches()) {
      if (done && !lines[at].strip().startsWith("```")) {
        summary.append(lines[at]).append('\n');
      }
      return at + 1;
    }
    String rest = request.group(2) == null ? "" : request.group(2).strip();
    switch (request.group(1)) {
      case "DONE" -> {
        done = true;
        summary.append(rest).append('\n');
      }
      case "CALL" -> {
        return call(at, rest);
      }
      case "READ" -> look("read_file", "READ needs the path of a file", readings(rest));
      case "LIST" -> look("list_files", "", List.of(listing(rest)));
      default -> look("search_text", "FIND needs a text", findings(rest));
    }
    return at + 1;
  }

  private void look(String tool, String need, List<Map<String, Object>> wanted) {
    looks = true;
    wanted.forEach(arguments -> add(tool, new ToolCall.Valid(arguments)));
    if (wanted.isEmpty()) {
      add(tool, new ToolCall.Broken("", need));
    }
  }

  private static List<Map<String, Object>> readings(String rest) {
    List<Map<String, Object>> readings = new ArrayList<>();
    String written = REMARK.matcher(rest).replaceFirst("");
    for (String one : written.split(",\\s+(?!lines?\\b)")) {
      Map<String, Object> arguments = new LinkedHashMap<>();
      Matcher range = RANGE.matcher(bare(one));
      boolean ranged = range.matches();
      String path = path(ranged ? range.group(1) : bare(one));
      if (path.isEmpty()) {
        continue;
      }
      arguments.put("path", path);
      if (ranged) {
        long from = Long.parseLong(range.group(2));
        long to = range.group(3) == null ? from : Long.parseLong(range.group(3));
        arguments.put("from_line", from);
        if (range.group(3) != null && to >= from) {
          arguments.put("lines", to - from + 1);
        }
      }
      readings.add(arguments);
    }
    return readings;
  }

  private static Map<String, Object> listing(String rest) {
    String where = path(REMARK.matcher(rest).replaceFirst(""));
    Map<String, Object> arguments = new LinkedHashMap<>();
    boolean all = where.isEmpty() || where.equals(".") || where.equals("/") || where.contains(" ");
    if (!all) {
      boolean pattern = where.contains("*") || where.contains("?");
      arguments.put(pattern ? "glob" : "path", where);
    }
    return arguments;
  }

  private static List<Map<String, Object>> findings(String rest) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    Matcher where = WHERE.matcher(rest);
    boolean narrowed = where.matches() && !quoted(rest);
    String text = bare(narrowed ? where.group(1) : rest);
    if (text.isEmpty()) {
      return List.of();
    }
    // It is a text to the model, and a regular expression to the tool.
    arguments.put(
        "pattern", text.matches("[\\w\\s,:;=/<>\"'@#%&~-]*") ? text : Pattern.quote(text));
    if (narrowed) {
      arguments.put("glob", path(where.group(2)));
    }
    return List.of(arguments);
  }

  private static boolean quoted(String text) {
    return text.length() > 1
        && "\"'`".indexOf(text.charAt(0)) >= 0
        && text.charAt(0) == text.charAt(text.length() - 1);
  }

  /** Returns the line behind the arguments, which may go over several. */
  private int call(int at, String rest) {
    looks = true;
    int brace = rest.indexOf('{');
    String name = bare(brace < 0 ? rest : rest.substring(0, brace));
    StringBuilder json = new StringBuilder(brace < 0 ? "" : rest.substring(brace));
    ToolCall.Arguments first = arguments(json);
    ToolCall.Arguments read = first;
    int next = at + 1;
    while (read instanceof ToolCall.Broken && next < lines.length && !blocks.containsKey(next)) {
      read = arguments(json.append('\n').append(lines[next]));
      next++;
    }
    boolean whole = read instanceof ToolCall.Valid;
    add(name, whole ? read : first);
    return whole ? next : at + 1;
  }

  private static ToolCall.Arguments arguments(CharSequence json) {
    return new WrittenArguments(json.toString().replaceFirst("`+\\s*\\z", ""), false).read();
  }

  /** Said twice is meant once. */
  private void add(String tool, ToolCall.Arguments arguments) {
    boolean known =
        calls.stream()
            .anyMatch(call -> call.name().equals(tool) && call.arguments().equals(arguments));
    if (!known) {
      calls.add(new ToolCall(ID + (calls.size() + 1), tool, arguments));
    }
  }

  /** Without what Markdown and quotation put around it. */
  private static String bare(String written) {
    return written.strip().replaceAll("\\A[\"'`*]+|[\"'`*]+\\z", "").strip();
  }

  private static String path(String written) {
    String path = written.strip().replaceAll("\\A[\"'`<(]+|[\"'`>),;:]+\\.?\\z|(?<=\\w)\\.\\z", "");
    Matcher named = NAME_OF_FILE.matcher(path);
    String bare = named.matches() ? path(named.group(1)) : path;
    return bare.startsWith("./") ? bare.substring(2) : bare;
  }
}
