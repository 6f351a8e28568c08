package dev.agentrunner.adapter.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.agentrunner.adapter.command.LimitRule.Kind;
import dev.agentrunner.port.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * How agents say that they cannot go on, as a file:
 *
 * <pre>
 * version: 1
 * rules:                                     # the first that fits counts
 *   - id: claude-session-limit
 *     presets: [claude-code]                 # everybody's, if left out
 *     match: "(?i)hit your session limit.{0,40}?resets (?&lt;reset&gt;.{1,60})"
 *     class: window                          # transient, window, denied or unusable
 *     holds: PT5H                            # where no reset time is told
 * </pre>
 *
 * @param version of the file's content, for bug reports
 */
record LimitRules(String version, List<LimitRule> rules) {

  private static final String SHIPPED = "limit-patterns.yml";
  private static final int PATTERN_MAX = 500;
  private static final int FILE_BYTES_MAX = 1 << 20;

  LimitRules {
    rules = List.copyOf(rules);
  }

  /** A rule that fits. */
  record Found(LimitRule rule, String reset) {}

  static LimitRules shipped() {
    try (InputStream in = LimitRules.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new IllegalStateException("a resource is missing: " + SHIPPED);
      }
      return read(new String(in.readAllBytes(), StandardCharsets.UTF_8), SHIPPED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The user's rules, in place of those that ship.
   *
   * @throws UsageException if they cannot be read
   */
  static LimitRules in(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new UsageException(
            "limit_patterns: %s is too large; leave out what no agent of yours says"
                .formatted(file));
      }
      return read(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new UsageException(
          "limit_patterns: %s cannot be read; look at its name and permissions".formatted(file));
    }
  }

  static LimitRules read(String yaml, String name) {
    JsonNode root;
    try {
      root = new ObjectMapper(new YAMLFactory()).readTree(yaml);
    } catch (IOException e) {
      throw new UsageException(
          "limit_patterns: %s is no YAML; begin it with 'rules:', and below it '- id: NAME'"
              .formatted(name));
    }
    List<LimitRule> rules = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (JsonNode node : root.path("rules")) {
      LimitRule rule = rule(node, "%s, rule %d".formatted(name, rules.size() + 1));
      if (!ids.add(rule.id())) {
        throw new UsageException(
            "limit_patterns: %s: two rules are %s; name one of them otherwise"
                .formatted(name, rule.id()));
      }
      rules.add(rule);
    }
    if (rules.isEmpty()) {
      throw new UsageException(
          "limit_patterns: %s has no 'rules'; begin it with 'rules:', and below it '- id: NAME'"
              .formatted(name));
    }
    return new LimitRules(root.path("version").asText("?"), rules);
  }

  private static LimitRule rule(JsonNode node, String where) {
    Set<String> presets = new HashSet<>();
    node.path("presets").forEach(preset -> presets.add(preset.asText()));
    for (String preset : presets) {
      if (Preset.named(preset).isEmpty()) {
        throw new UsageException(
            "limit_patterns: %s: no preset is called %s; there are: %s"
                .formatted(where, preset, String.join(", ", Preset.names())));
      }
    }
    return new LimitRule(
        required(node, "id", where),
        presets,
        pattern(required(node, "match", where), where),
        kind(required(node, "class", where), where),
        holds(node, where));
  }

  private static String required(JsonNode node, String member, String where) {
    return JsonLines.text(node, member)
        .orElseThrow(() ->
            new UsageException("limit_patterns: %s has no '%s'; add it".formatted(where, member)));
  }

  private static Pattern pattern(String text, String where) {
    if (text.length() > PATTERN_MAX) {
      throw new UsageException(
          "limit_patterns: %s: 'match' has more than %d characters; shorten it"
              .formatted(where, PATTERN_MAX));
    }
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new UsageException(
          "limit_patterns: %s: 'match' is no regular expression: %s; mend it, or quote it with single quotes"
              .formatted(where, e.getDescription()));
    }
  }

  private static Kind kind(String word, String where) {
    for (Kind kind : Kind.values()) {
      if (kind.word().equals(word.toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw new UsageException(
        "limit_patterns: %s: 'class' is none of them; write transient, window, denied or unusable"
            .formatted(where));
  }

  private static Optional<Duration> holds(JsonNode node, String where) {
    try {
      return JsonLines.text(node, "holds").map(Duration::parse);
    } catch (DateTimeException e) {
      throw new UsageException(
          "limit_patterns: %s: 'holds' is no time; write it such as PT5H".formatted(where));
    }
  }

  /** The first rule for {@code preset} that fits; of all presets, if none is named. */
  Optional<Found> find(String text, Optional<String> preset) {
    for (LimitRule rule : rules) {
      if (rule.isFor(preset)) {
        Optional<String> reset = rule.match(text);
        if (reset.isPresent()) {
          return Optional.of(new Found(rule, reset.get()));
        }
      }
    }
    return Optional.empty();
  }
}
