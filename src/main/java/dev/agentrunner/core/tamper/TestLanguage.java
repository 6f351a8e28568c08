package dev.agentrunner.core.tamper;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How tests look in a language.
 *
 * @param endings of its files
 * @param comments what is not code
 * @param tests the beginning of a test; a group {@code name} is what it is called
 * @param skips what keeps a test from being run, or from counting
 */
record TestLanguage(List<String> endings, Pattern comments, Pattern tests, List<Pattern> skips) {

  private static final int FLAGS = Pattern.MULTILINE;

  /** Lines of comment only: what stands behind code may be part of a string. */
  private static final Pattern SLASHES =
      Pattern.compile("^[ \\t]*(?://(?!go:build).*|\\*.*|/\\*[^\\n]*)$", FLAGS);

  private static final Pattern HASHES = Pattern.compile("^[ \\t]*#.*$", FLAGS);

  private static final List<TestLanguage> ALL =
      List.of(
          language(
              List.of(".py"),
              HASHES,
              "^[ \\t]*(?:async[ \\t]+)?def[ \\t]+(?<name>test\\w*)[ \\t]*\\(",
              "\\bmark\\.(?:skip|skipif|xfail)\\b",
              "\\bpytest\\.(?:skip|xfail|importorskip)[ \\t]*\\(",
              "\\bunittest\\.(?:skip\\w*|expectedFailure)\\b",
              "^[ \\t]*@(?:skip\\w*|expectedFailure)\\b",
              "\\.skipTest[ \\t]*\\(",
              "\\braise[ \\t]+(?:unittest\\.)?SkipTest\\b",
              "\\b__test__[ \\t]*=[ \\t]*False\\b",
              "\\bcollect_ignore(?:_glob)?[ \\t]*="),
          language(
              List.of(".java", ".kt", ".kts", ".groovy", ".scala"),
              SLASHES,
              "@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Property)\\b"
                  + "(?:(?:(?!@(?:\\w*Test|Test\\w*|Property)\\b)[^;]){0,300}?"
                  + "\\b(?:void|fun)[ \\t]+(?<name>`[^`\\n]{1,200}`|\\w+)[ \\t]*\\()?",
              "@Disabled\\w*",
              "@Ignored?\\b",
              "@EnabledIf\\w*",
              "\\benabled[ \\t]*=[ \\t]*false\\b",
              "\\bassumeTrue\\([ \\t]*false\\b",
              "\\bAssumptions\\.abort\\b"),
          language(
              List.of(".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts"),
              SLASHES,
              "(?<![\\w.$])(?:it|test|specify|xit|xtest|xspecify|fit)"
                  + "(?:\\.(?:only|skip|each|concurrent|failing|fails|todo|fixme))*[ \\t]*\\("
                  + "(?:\\s*(?<quote>['\"`])(?<name>(?:(?!\\k<quote>)[^\\n]){0,200})\\k<quote>)?",
              "(?<![\\w.$])(?:it|test|describe|context|suite|specify)(?:\\.\\w+)?"
                  + "\\.(?:skip|skipIf|runIf|todo|fixme|failing|fails)\\b",
              "(?<![\\w.$])(?:xit|xtest|xdescribe|xcontext|xspecify)[ \\t]*[.(]",
              "(?<![\\w.$])(?:it|test|describe|context|suite|specify)(?:\\.\\w+)?\\.only\\b",
              "(?<![\\w.$])(?:fit|fdescribe|fcontext)[ \\t]*\\(",
              "\\bthis\\.skip\\(",
              "\\bskip[ \\t]*:[ \\t]*true\\b"),
          language(
              List.of(".go"),
              SLASHES,
              "^func[ \\t]+(?<name>(?:Test|Fuzz|Example)\\w*)[ \\t]*\\(",
              "\\b[a-z]\\.(?:Skip|SkipNow|Skipf)[ \\t]*\\(",
              "^//go:build[ \\t].*$"),
          language(
              List.of(".rs"),
              SLASHES,
              "#\\[(?:\\w+::)*(?:test|rstest)\\b[^\\]\\n]*\\]"
                  + "(?:[^;{}]{0,200}?\\bfn[ \\t]+(?<name>\\w+))?",
              "#\\[ignore\\b",
              "#\\[cfg_attr\\([^\\]\\n]*\\bignore\\b"),
          language(
              List.of(".cs", ".fs", ".vb"),
              SLASHES,
              "\\[(?:Fact|Theory|Test|TestCase|TestMethod|DataTestMethod)\\b"
                  + "(?:[^;{}]{0,200}?\\b(?:void|Task)[ \\t]+(?<name>\\w+)[ \\t]*\\()?",
              "\\[(?:Ignore|Explicit)\\b",
              "\\bSkip[ \\t]*=[ \\t]*\"",
              "\\bAssert\\.(?:Ignore|Inconclusive)[ \\t]*\\("),
          language(
              List.of(".rb"),
              HASHES,
              "^[ \\t]*(?:(?:x|f)?(?:it|specify|scenario|example)|test)[ \\t(]+(?<quote>['\"])"
                  + "(?<name>(?:(?!\\k<quote>)[^\\n]){0,200})\\k<quote>"
                  + "|^[ \\t]*def[ \\t]+test_\\w+",
              "^[ \\t]*x(?:it|describe|context|specify|scenario)\\b",
              "^[ \\t]*(?:pending|skip)\\b",
              "\\bskip:[ \\t]*(?:true|['\"])",
              "\\bfocus:[ \\t]*true\\b"),
          language(
              List.of(".php"),
              SLASHES,
              "\\bfunction[ \\t]+(?<name>test\\w*)[ \\t]*\\(|#\\[Test\\]",
              "\\bmarkTest(?:Skipped|Incomplete)\\b"),
          language(
              List.of(".swift"),
              SLASHES,
              "\\bfunc[ \\t]+(?<name>test\\w*)[ \\t]*\\(|@Test\\b",
              "\\bXCTSkip\\w*",
              "\\.disabled\\("),
          language(
              List.of(".c", ".cc", ".cpp", ".cxx", ".h", ".hpp"),
              SLASHES,
              "\\b(?:TEST|TEST_F|TEST_P|TYPED_TEST|TEST_CASE|BOOST_AUTO_TEST_CASE)[ \\t]*"
                  + "\\((?<name>[^)\\n]{0,200})",
              "\\bGTEST_SKIP\\b",
              "\\bDISABLED_\\w+"),
          language(
              List.of(".ex", ".exs"),
              HASHES,
              "^[ \\t]*test[ \\t]+\"(?<name>[^\"\\n]{0,200})\"",
              "@(?:module)?tag[ \\t]+:?skip\\b"),
          language(
              List.of(".bats"),
              HASHES,
              "^@test[ \\t]+(?<name>.{0,200}?)[ \\t]*\\{",
              "^[ \\t]*skip\\b"));

  private static TestLanguage language(
      List<String> endings, Pattern comments, String tests, String... skips) {
    return new TestLanguage(
        endings,
        comments,
        Pattern.compile(tests, FLAGS),
        Stream.of(skips).map(skip -> Pattern.compile(skip, FLAGS)).toList());
  }

  /** The language of a file, by its name; empty if tests are not known to be written in it. */
  static Optional<TestLanguage> of(String path) {
    return ALL.stream()
        .filter(language -> language.endings.stream().anyMatch(path::endsWith))
        .findFirst();
  }

  boolean hasNames() {
    return tests.namedGroups().containsKey("name");
  }
}
