package dev.agentrunner.core.tamper;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tests in a file.
 *
 * @param tests what they are called, in order; empty for one that cannot be told
 * @param skips how often each mark of a skipped test stands there
 */
record TestFile(List<String> tests, Map<String, Integer> skips) {

  static final TestFile NONE = new TestFile(List.of(), Map.of());

  private static final Pattern FOLDERS =
      Pattern.compile(
          "(?:^|/)(?:tests?|specs?|__tests__|e2e|integration-tests?|androidTest)/"
              + "|(?:^|/)conftest\\.py$");

  private static final Pattern NAMES =
      Pattern.compile(
          "(?:^|/)(?:test_[^/]*|[^/]*_(?:test|tests|spec)\\.\\w+|[^/]*\\.(?:test|spec|cy)\\.\\w+"
              + "|[^/]*[a-z0-9](?:Test|Tests|TestCase|IT|Spec|Specs)\\.\\w+|Tests?[A-Z][^/]*\\.\\w+"
              + "|[^/]*\\.bats)$");

  TestFile {
    tests = List.copyOf(tests);
    skips = Collections.unmodifiableMap(new LinkedHashMap<>(skips));
  }

  /** Whether a file by that name is for tests, be it tests or what helps them. */
  static boolean isOne(String path) {
    return TestLanguage.of(path).isPresent()
        && (isNamedSo(path) || FOLDERS.matcher(path).find() || path.endsWith(".rs"));
  }

  /** Whether a file by that name is expected to hold tests itself. */
  static boolean isNamedSo(String path) {
    return NAMES.matcher(path).find();
  }

  static TestFile read(String path, Optional<String> text) {
    Optional<TestLanguage> language = TestLanguage.of(path);
    if (language.isEmpty() || text.isEmpty()) {
      return NONE;
    }
    String code = language.get().comments().matcher(text.get()).replaceAll("");
    List<String> tests = new ArrayList<>();
    Matcher test = language.get().tests().matcher(code);
    while (test.find()) {
      String name = language.get().hasNames() ? test.group("name") : null;
      tests.add(name == null ? "" : name.strip());
    }
    Map<String, Integer> skips = new TreeMap<>();
    for (Pattern pattern : language.get().skips()) {
      Matcher skip = pattern.matcher(code);
      while (skip.find()) {
        skips.merge(skip.group().strip(), 1, Integer::sum);
      }
    }
    return new TestFile(tests, skips);
  }

  /** The tests that are here and not in {@code other}. */
  List<String> without(TestFile other) {
    Map<String, Integer> there = new HashMap<>();
    other.tests.forEach(test -> there.merge(test, 1, Integer::sum));
    return tests.stream().filter(test -> there.merge(test, -1, Integer::sum) < 0).toList();
  }

  int skipped() {
    return skips.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The marks that stand here more often than in {@code other}. */
  List<String> marksBeyond(TestFile other) {
    return skips.entrySet().stream()
        .filter(mark -> mark.getValue() > other.skips.getOrDefault(mark.getKey(), 0))
        .map(Map.Entry::getKey)
        .toList();
  }
}
