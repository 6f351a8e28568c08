package dev.agentrunner.core.edit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Tries edits that others have written down: cases of five tools, patches as folders, commits of
 * real repositories, drifted and damaged ones. They are read from where {@code
 * AGENT_RUNNER_CORPORA} says, and the tests are skipped where it says nothing.
 */
final class EditCorpusTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Integer> COUNTS = new TreeMap<>();

  /** What came of a reply: the files, or why they stay as they are. */
  private sealed interface Outcome {
    record Applied(Tree after) implements Outcome {}

    record Refused(String why) implements Outcome {}
  }

  @AfterAll
  static void print() {
    COUNTS.forEach((what, count) -> System.out.printf("%4d  %s%n", count, what));
  }

  private static void count(String what, String verdict, String result) {
    COUNTS.merge("%-22s %-26s %s".formatted(what, verdict, result), 1, Integer::sum);
  }

  private static Path corpus(String name) {
    String corpora = System.getenv("AGENT_RUNNER_CORPORA");
    assumeTrue(corpora != null, "AGENT_RUNNER_CORPORA is not set");
    Path path = Path.of(corpora, "01-edit", name);
    assumeTrue(Files.exists(path), path + " is not there");
    return path;
  }

  private static List<JsonNode> lines(String name) {
    try (Stream<String> lines = Files.lines(corpus(name), UTF_8)) {
      return lines.filter(line -> !line.isBlank()).map(EditCorpusTest::json).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome apply(byte[] reply, Tree before) {
    return switch (EditPlan.read(reply, Optional.empty())) {
      case EditPlan.Reading.Unreadable(String reason) -> new Outcome.Refused(reason);
      case EditPlan.Reading.Planned(EditPlan plan) ->
          switch (plan.applyTo(before)) {
            case EditResult.Refused refused -> new Outcome.Refused(refused.message());
            case EditResult.Changed(List<Change> changes) ->
                new Outcome.Applied(before.after(changes));
          };
    };
  }

  /** Compares an outcome with a verdict; the result is empty if it is one the verdict allows. */
  private static Optional<String> judge(
      String what, String verdict, Outcome outcome, Optional<Tree> after) {
    boolean exact =
        outcome instanceof Outcome.Applied(Tree tree) && after.equals(Optional.of(tree));
    boolean refused = outcome instanceof Outcome.Refused;
    boolean right =
        switch (verdict) {
          case "must_apply", "must_apply_substring", "replace_all" -> exact;
          case "must_refuse" -> refused;
          case "may_apply_else_refuse", "ambiguous_first_or_refuse" ->
              exact || refused || after.isEmpty();
          default -> throw new IllegalArgumentException(verdict);
        };
    String result = after.isEmpty() ? "applied, result not given" : "third result";
    count(what, verdict, exact ? "applied" : refused ? "refused" : result);
    return right ? Optional.empty() : Optional.of(verdict + ", but " + outcome);
  }

  // SEARCH/REPLACE

  @Test
  void search_replace_cases_come_out_as_their_verdicts_say() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : lines("search_replace_cases.jsonl")) {
      String verdict = one.get("verdict").asText();
      for (String form : List.of("text", "text_aider")) {
        // Everywhere is nothing a block can say.
        if (one.hasNonNull(form) && !verdict.equals("replace_all")) {
          judge("blocks, " + form, verdict, apply(reply(one, form), before(one)), after(one))
              .ifPresent(why -> wrong.add(one.get("id").asText() + " " + form + ": " + why));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** Some tools know the file from elsewhere. */
  private static byte[] reply(JsonNode one, String form) {
    String text = one.get(form).asText();
    String path = one.get("path").asText();
    return (text.contains(path) ? text : path + "\n" + text.stripLeading()).getBytes(UTF_8);
  }

  private static Tree before(JsonNode one) {
    Tree tree = new Tree();
    String before = one.path("before").asText();
    if (one.hasNonNull("before") && !before.equals("<DIRECTORY>")) {
      tree.put(one.get("path").asText(), before);
    }
    return tree;
  }

  private static Optional<Tree> after(JsonNode one) {
    if (!one.hasNonNull("after")) {
      return Optional.empty();
    }
    Tree tree = new Tree();
    tree.put(one.get("path").asText(), one.get("after").asText());
    return Optional.of(tree);
  }

  @Test
  void replacements_of_a_text_come_out_as_the_verdicts_say() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : lines("search_replace_cases.jsonl")) {
      if (one.hasNonNull("blocks") && one.hasNonNull("before")) {
        Tree tree = before(one);
        Outcome outcome = new Outcome.Applied(tree);
        for (JsonNode block : one.get("blocks")) {
          outcome = outcome instanceof Outcome.Applied ? replace(one, block, tree) : outcome;
        }
        String verdict = one.get("verdict").asText();
        // A tool for files that are there has no need to take an empty text.
        boolean creates = one.get("blocks").get(0).get("search").asText().isEmpty();
        judge(
                "edit_file",
                creates && verdict.equals("must_apply") ? "may_apply_else_refuse" : verdict,
                outcome,
                after(one))
            .ifPresent(why -> wrong.add(one.get("id").asText() + ": " + why));
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static Outcome replace(JsonNode one, JsonNode block, Tree tree) {
    String path = one.get("path").asText();
    Optional<byte[]> file = tree.read(path);
    if (file.isEmpty()) {
      return new Outcome.Refused("no file");
    }
    Replacement replacement =
        new Replacement(
            block.get("search").asText(),
            block.get("replace").asText(),
            one.get("allow_multiple").asBoolean());
    return switch (replacement.applyTo(file.get())) {
      case Replacement.Result.Refused(String why) -> new Outcome.Refused(why);
      case Replacement.Result.Changed(byte[] content, int places) -> {
        tree.put(path, content);
        yield new Outcome.Applied(tree);
      }
    };
  }

  @Test
  void markers_are_told_from_content_as_roo_code_tells_them() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : lines("roo-code/marker_validation.jsonl")) {
      String diff = one.get("diff").asText();
      EditPlan.Reading reading =
          EditPlan.read(
              diff.startsWith("test.ts") ? diff : "test.ts\n" + diff,
              Optional.of(EditFormat.SEARCH_REPLACE));
      boolean read = reading instanceof EditPlan.Reading.Planned;
      // Roo Code lets a text without any block pass here and refuses it later.
      boolean ok = one.get("ok").asBoolean() && diff.contains("<<<<<<<");
      count("markers", ok ? "must be read" : "must be refused", read ? "read" : "refused");
      if (read != ok) {
        wrong.add(one.get("test").asText() + ": " + reading);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void replies_are_parsed_as_aider_parses_them() {
    // With the names of the files in the chat at hand, aider guesses which one a mangled name
    // means. Here a name is taken as it is written.
    List<String> explained = List.of("\\windows__init__.py");
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : json(read(corpus("aider/parser_cases.json")))) {
      switch (one.get("fn").asText()) {
        case "find_original_update_blocks" -> {
          String parsed = blocks(one.get("args").get("content").asText());
          String wanted = one.has("error") ? "[error]" : one.get("result").toString();
          count("aider's parser", "the same", parsed.equals(wanted) ? "the same" : "another");
          if (!parsed.equals(wanted)) {
            wrong.add(one.get("test").asText() + ": " + parsed);
          }
        }
        case "find_filename" -> {
          // The lines are recorded from the block upwards.
          StringBuilder reply = new StringBuilder();
          for (JsonNode line : one.get("args").get("lines")) {
            reply.insert(0, line.asText().stripTrailing() + "\n");
          }
          // What a block above leaves behind needs that block.
          if (reply.indexOf(">>>>>>> REPLACE") >= 0) {
            reply.insert(0, "x.py\n<<<<<<< SEARCH\nx\n=======\ny\n");
          }
          reply.append("<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n");
          String wanted = one.get("result").asText();
          String parsed = blocks(reply.toString());
          boolean same =
              parsed.contains("\"" + wanted.replace("\\", "\\\\") + "\"")
                  || (wanted.equals("null")
                      && (parsed.equals("[error]") || parsed.contains("x.py")));
          boolean known = explained.stream().anyMatch(name -> reply.indexOf(name) >= 0);
          count(
              "aider's file names",
              "the same",
              same ? "the same" : known ? "another, explained" : "another");
          if (!same && !known) {
            wrong.add(one.get("test").asText() + ": " + parsed + " for " + reply);
          }
        }
        default -> {
          // strip_quoted_wrapping takes fences off a SEARCH text. Here they may be the file's own.
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String blocks(String reply) {
    if (!(EditPlan.read(reply, Optional.of(EditFormat.SEARCH_REPLACE))
        instanceof EditPlan.Reading.Planned(EditPlan plan))) {
      return "[error]";
    }
    var blocks = JSON.createArrayNode();
    for (Edit edit : plan.edits()) {
      Edit.Block block = (Edit.Block) edit;
      blocks.addArray().add(block.path()).add(joined(block.search())).add(joined(block.replace()));
    }
    return blocks.toString();
  }

  private static String joined(List<Line> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.whole()));
    return Bytes.readable(text.toString());
  }

  // *** Begin Patch

  @Test
  void codex_scenarios_come_out_as_they_do_in_codex() throws IOException {
    List<String> wrong = new ArrayList<>();
    try (Stream<Path> scenarios = Files.list(corpus("codex-apply-patch"))) {
      for (Path scenario : scenarios.sorted().toList()) {
        Tree before = Tree.of(scenario.resolve("input"));
        Tree expected = Tree.of(scenario.resolve("expected"));
        Outcome outcome = apply(Files.readAllBytes(scenario.resolve("patch.txt")), before);
        boolean same =
            expected.equals(outcome instanceof Outcome.Applied(Tree after) ? after : before);
        // Codex leaves what it had done before it failed; here it is all or nothing.
        boolean explained = scenario.endsWith("015_failure_after_partial_success_leaves_changes");
        count("codex", "the same", same ? "the same" : "another");
        if (!same && !explained) {
          wrong.add(scenario.getFileName() + ": " + outcome);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void opencode_patches_come_out_as_they_do_in_opencode() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : json(read(corpus("opencode/apply_patch_cases.json")))) {
      Tree before = Tree.of(one.get("before"));
      Outcome outcome = apply(one.get("patch").asText().getBytes(UTF_8), before);
      boolean tolerant = one.path("note").asText().contains("tolerant");
      String verdict =
          one.get("refuse").asBoolean()
              ? "must_refuse"
              : tolerant ? "may_apply_else_refuse" : "must_apply";
      // opencode ends a new file without a newline, codex with one.
      Optional<Tree> after =
          one.hasNonNull("after")
              ? Optional.of(Tree.of(one.get("after")).endingInNewlines())
              : Optional.empty();
      Outcome ended =
          outcome instanceof Outcome.Applied(Tree tree)
              ? new Outcome.Applied(tree.endingInNewlines())
              : outcome;
      judge("opencode", verdict, ended, after)
          .ifPresent(why -> wrong.add(one.get("name").asText() + ": " + why));
    }
    assertThat(wrong).isEmpty();
  }

  // Unified diffs

  @Test
  void commits_of_real_repositories_apply() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : lines("git-triples/commits.docs.jsonl")) {
      for (String patch : List.of("patch", "patch_no_renames")) {
        triple("commits", one, patch).ifPresent(wrong::add);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void drifted_patches_come_out_as_their_verdicts_say() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : lines("git-triples/drift.docs.jsonl")) {
      triple("drift " + one.get("kind").asText(), one, "patch").ifPresent(wrong::add);
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void damaged_patches_come_out_as_their_verdicts_say() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : lines("git-triples/mutated.docs.jsonl")) {
      triple("mutated " + one.get("kind").asText(), one, "patch").ifPresent(wrong::add);
    }
    assertThat(wrong).isEmpty();
  }

  private static Optional<String> triple(String what, JsonNode one, String patch) {
    return judge(
            what,
            one.get("verdict").asText(),
            apply(bytes(one.get(patch)), Tree.ofEntries(one.get("before"))),
            Optional.of(Tree.ofEntries(one.get("after"))))
        .map(why -> one.get("id").asText() + " " + patch + ": " + why);
  }

  static byte[] bytes(JsonNode holder) {
    return holder.has("b64")
        ? Base64.getDecoder().decode(holder.get("b64").asText())
        : holder.get("text").asText().getBytes(UTF_8);
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
