package dev.agentrunner.core.tamper;

import static dev.agentrunner.core.tamper.Suspicion.Kind.BUILD_TOUCHED;
import static dev.agentrunner.core.tamper.Suspicion.Kind.CI_TOUCHED;
import static dev.agentrunner.core.tamper.Suspicion.Kind.TEST_DELETED;
import static dev.agentrunner.core.tamper.Suspicion.Kind.TEST_REMOVED;
import static dev.agentrunner.core.tamper.Suspicion.Kind.TEST_SKIPPED;
import static dev.agentrunner.core.tamper.Suspicion.Kind.THRESHOLD_LOWERED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.tamper.Suspicion.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TamperingTest {

  private static final String PYTHON =
      """
      import pytest

      def test_adds():
          assert add(1, 2) == 3

      class TestEdges:
          async def test_overflow(self):
              assert add(MAX, 1) == MIN
      """;

  private static final String JUNIT =
      """
      class CalculatorTest {
        @Test
        void adds() {
          assertEquals(3, add(1, 2));
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void doubles(int n) {
          assertEquals(2 * n, twice(n));
        }
      }
      """;

  private static final String JEST =
      """
      describe('sum', () => {
        it('adds', () => { expect(sum(1, 2)).toBe(3); });
        test.each([[1, 1]])('is %d', (a, b) => {});
      });
      """;

  private static final String GO =
      """
      func TestAdds(t *testing.T) {
      	if Add(1, 2) != 3 { t.Fatal("no") }
      }
      """;

  private static final String RUST =
      """
      pub fn add(a: i32, b: i32) -> i32 { a + b }

      #[cfg(test)]
      mod tests {
          #[test]
          fn adds() { assert_eq!(super::add(1, 2), 3); }
      }
      """;

  private static final String RSPEC =
      """
      RSpec.describe Sum do
        it "adds" do
          expect(sum(1, 2)).to eq 3
        end
      end
      """;

  private static Revision file(String path, @Nullable String before, @Nullable String after) {
    return new Revision(path, Optional.ofNullable(before), Optional.ofNullable(after));
  }

  private static List<Kind> kinds(Revision... files) {
    return Tampering.in(List.of(files)).stream().map(Suspicion::kind).toList();
  }

  private static Arguments skip(String path, String before, String after) {
    assertThat(after).isNotEqualTo(before);
    return Arguments.of(path, before, after);
  }

  static Stream<Arguments> skips() {
    return Stream.of(
        skip(
            "tests/test_sum.py",
            PYTHON,
            PYTHON.replace("def test_adds", "@pytest.mark.skip(reason='flaky')\ndef test_adds")),
        skip("tests/test_sum.py", PYTHON, "pytestmark = pytest.mark.skipif(True)\n" + PYTHON),
        skip(
            "tests/test_sum.py",
            PYTHON,
            PYTHON.replace("assert add(1", "pytest.skip()\n    x = (1")),
        skip("sum_test.py", PYTHON, PYTHON.replace("class", "@unittest.skip('later')\nclass")),
        skip("conftest.py", "", "def f(i): i.add_marker(pytest.mark.skip())\n"),
        skip(
            "src/test/java/a/CalculatorTest.java",
            JUNIT,
            JUNIT.replace("class", "@Disabled\nclass")),
        skip("core/CalculatorTest.java", JUNIT, JUNIT.replace("@Test", "@Ignore(\"x\") @Test")),
        skip("CalculatorTest.java", JUNIT, JUNIT.replace("@Test", "@Test(enabled = false)")),
        skip("sum.test.js", JEST, JEST.replace("it(", "it.skip(")),
        skip("sum.test.ts", JEST, JEST.replace("it(", "xit(")),
        skip("src/__tests__/sum.tsx", JEST, JEST.replace("describe(", "describe.skip(")),
        skip("sum.spec.ts", JEST, JEST.replace("it(", "it.only(")),
        skip("sum.test.js", JEST, JEST.replace("test.each", "test.concurrent.skip.each")),
        skip("sum_test.go", GO, GO.replace("{\n\tif", "{\n\tt.Skip(\"later\")\n\tif")),
        skip("sum_test.go", GO, "//go:build integration\n" + GO),
        skip("src/lib.rs", RUST, RUST.replace("#[test]", "#[test]\n    #[ignore]")),
        skip("spec/sum_spec.rb", RSPEC, RSPEC.replace("it \"adds\"", "xit \"adds\"")),
        skip(
            "SumTests.cs",
            "[Fact] public void Adds() { }",
            "[Fact(Skip = \"later\")] public void Adds() { }"),
        skip(
            "SumTest.php",
            "function testAdds() {}",
            "function testAdds() { $this->markTestSkipped(); }"),
        skip("sum_test.cc", "TEST(Sum, Adds) {}", "TEST(Sum, DISABLED_Adds) {}"));
  }

  @ParameterizedTest
  @MethodSource("skips")
  void a_newly_skipped_test_is_named(String path, String before, String after) {
    assertThat(kinds(file(path, before, after))).containsExactly(TEST_SKIPPED);
    assertThat(kinds(file(path, after, before))).isEmpty();
    assertThat(kinds(file(path, after, after + "\n"))).isEmpty();
  }

  @Test
  void what_keeps_a_test_from_running_is_quoted() {
    assertThat(
            Tampering.in(
                List.of(
                    file("CalculatorTest.java", JUNIT, JUNIT.replace("@Test", "@Disabled @Test")))))
        .extracting(Suspicion::shown)
        .containsExactly("CalculatorTest.java: 1 place newly skipped or left out: @Disabled");
  }

  static Stream<Arguments> removals() {
    return Stream.of(
        Arguments.of("tests/test_sum.py", PYTHON, PYTHON.replace("test_adds", "adds"), "test_adds"),
        Arguments.of(
            "tests/test_sum.py",
            PYTHON,
            PYTHON.replace("def test_adds", "# def test_adds"),
            "test_adds"),
        Arguments.of("CalculatorTest.java", JUNIT, JUNIT.replace("@Test\n", ""), "adds"),
        Arguments.of("CalculatorTest.java", JUNIT, JUNIT.replace("@Param", "// @Param"), "doubles"),
        Arguments.of("sum.test.js", JEST, JEST.replaceAll(".*'adds'.*\n", ""), "adds"),
        Arguments.of("sum_test.go", GO, GO.replace("TestAdds", "addsTest"), "TestAdds"),
        Arguments.of("src/lib.rs", RUST, RUST.replace("#[test]", ""), "adds"),
        Arguments.of(
            "spec/sum_spec.rb", RSPEC, RSPEC.replace("it \"adds\"", "let \"adds\""), "adds"));
  }

  @ParameterizedTest
  @MethodSource("removals")
  void a_test_that_is_gone_is_named(String path, String before, String after, String name) {
    List<Suspicion> found = Tampering.in(List.of(file(path, before, after)));

    assertThat(found).extracting(Suspicion::kind).containsExactly(TEST_REMOVED);
    assertThat(found.getFirst().detail()).endsWith("not there any more: " + name);
    assertThat(kinds(file(path, after, before))).as("added").isEmpty();
  }

  @Test
  void a_deleted_test_file_is_named_with_its_tests() {
    assertThat(Tampering.in(List.of(file("tests/test_sum.py", PYTHON, null))))
        .containsExactly(
            new Suspicion(
                TEST_DELETED,
                "tests/test_sum.py",
                "deleted with 2 tests: test_adds, test_overflow"));
    assertThat(kinds(file("test/strange_test.lua", "x", null))).isEmpty();
    assertThat(kinds(file("tests/test_empty.py", "\n", null))).containsExactly(TEST_DELETED);
  }

  @Test
  void what_only_helps_tests_may_go() {
    assertThat(kinds(file("tests/helpers.py", "def make(): pass\n", null))).isEmpty();
  }

  @Test
  void a_renamed_test_file_with_the_same_tests_is_fine() {
    assertThat(
            kinds(
                file("tests/test_sum.py", PYTHON, null),
                file("tests/unit/test_sum.py", null, PYTHON + "\ndef test_more(): pass\n")))
        .isEmpty();
    assertThat(
            kinds(
                file("a/ATest.java", JUNIT, null),
                file("b/CalculatorTest.java", null, JUNIT.replace("class", "final class"))))
        .isEmpty();
  }

  @Test
  void a_test_file_that_lost_tests_on_its_way_is_not() {
    assertThat(
            Tampering.in(
                List.of(
                    file("tests/test_sum.py", PYTHON, null),
                    file("tests/unit/test_sum.py", null, PYTHON.replace("test_adds", "adds")))))
        .extracting(Suspicion::kind, Suspicion::path)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(TEST_REMOVED, "tests/unit/test_sum.py"));
    assertThat(
            kinds(
                file("test_sum.py", PYTHON, null),
                file("test_sums.py", null, "pytestmark = pytest.mark.skip\n" + PYTHON)))
        .containsExactly(TEST_SKIPPED);
  }

  @Test
  void skips_that_move_with_their_file_are_not_new() {
    String skipped = PYTHON.replace("def test_adds", "@pytest.mark.skip\ndef test_adds");

    assertThat(kinds(file("test_a.py", skipped, null), file("test_b.py", null, skipped))).isEmpty();
  }

  @Test
  void a_file_of_tests_that_is_split_is_fine() {
    assertThat(
            kinds(
                file("test_all.py", PYTHON, null),
                file("test_a.py", null, "def test_adds(): pass\n"),
                file("test_b.py", null, "def test_overflow(): pass\n")))
        .isEmpty();
  }

  @Test
  void a_test_that_moved_makes_up_for_one_test_only() {
    String one = "def test_one(): pass\n";
    String two = "def test_two(): pass\n";

    assertThat(
            Tampering.in(List.of(file("test_a.py", one, two), file("test_b.py", one + two, one))))
        .extracting(Suspicion::path)
        .containsExactly("test_a.py");
  }

  static Stream<Revision> harmless() {
    return Stream.of(
        file("tests/test_new.py", null, PYTHON),
        file("tests/test_sum.py", PYTHON, PYTHON + "\ndef test_third():\n    assert True\n"),
        file("tests/test_sum.py", PYTHON, PYTHON.replace("test_adds", "test_adds_numbers")),
        file("src/sum.py", "x = 1\n", "# see @pytest.mark.skip and @Disabled\nx = 2\n"),
        file("src/main/java/Sum.java", "class Sum {}", "/** Not @Disabled. */ class Sum {}"),
        file("tests/test_sum.py", PYTHON, "# pytest.mark.skip was taken out\n" + PYTHON),
        file("sum_test.go", GO, "// t.Skip() is not needed\n" + GO),
        file("sum.test.js", JEST, JEST.replace("sum(1, 2)", "limit(1).only")),
        file("src/lib.rs", RUST, RUST.replace("a + b", "b + a")),
        file("README.md", "coverage: 90", "coverage: 10"),
        file("src/skip.js", "a", "it.skip('x')"),
        file("docs/testing.md", "x", "@Disabled"),
        file(
            "package.json",
            "{\"scripts\": {\"test\": \"jest\"}, \"dependencies\": {\"a\": \"1\"}}",
            "{\n  \"dependencies\": {\"a\": \"2\", \"b\": \"1\"},\n  \"scripts\": {\"test\":\"jest\"}\n}"),
        file("src/contest.py", "a = 1", "a = 2"),
        file("latest_report.py", "def test_like(): pass", "x = 1"));
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void what_weakens_nothing_is_not_named(Revision file) {
    assertThat(Tampering.in(List.of(file))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".github/workflows/ci.yml",
        ".github/actions/setup/action.yml",
        ".gitlab-ci.yml",
        "Jenkinsfile",
        "ci/Jenkinsfile.release",
        ".circleci/config.yml",
        "azure-pipelines.yml",
        ".forgejo/workflows/test.yaml",
        ".woodpecker.yml",
        ".woodpecker/test.yaml",
        ".travis.yml",
        "bitbucket-pipelines.yml",
        "codecov.yml",
        ".pre-commit-config.yaml"
      })
  void touched_ci_is_named(String path) {
    assertThat(Tampering.concerns(path)).isTrue();
    assertThat(kinds(file(path, "a: 1", "a: 2"))).containsExactly(CI_TOUCHED);
    assertThat(kinds(file(path, "a: 1", null))).containsExactly(CI_TOUCHED);
    assertThat(kinds(file(path, null, "a: 1"))).containsExactly(CI_TOUCHED);
    assertThat(kinds(file(path, "a: 1", "a: 1"))).as("only its mode").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pom.xml",
        "core/build.gradle",
        "build.gradle.kts",
        "pyproject.toml",
        "setup.cfg",
        "tox.ini",
        "pytest.ini",
        "Makefile",
        "web/Cargo.toml",
        "go.mod",
        "jest.config.js",
        "vitest.config.mts",
        ".eslintrc",
        ".eslintrc.json",
        "eslint.config.mjs",
        "config/checkstyle.xml",
        ".coveragerc",
        ".nycrc.json",
        "src/App.csproj"
      })
  void touched_build_files_are_named(String path) {
    assertThat(Tampering.concerns(path)).isTrue();
    assertThat(kinds(file(path, "a", "b"))).containsExactly(BUILD_TOUCHED);
  }

  @Test
  void of_a_package_json_only_what_decides_about_tests_counts() {
    String before =
        "{\"name\": \"a\", \"scripts\": {\"test\": \"jest\", \"x\": \"a:{\\\"\"}, \"v\": [1, {}]}";

    assertThat(Tampering.in(List.of(file("package.json", before, before.replace("jest", "true")))))
        .extracting(Suspicion::detail)
        .containsExactly("changed in scripts");
    assertThat(kinds(file("web/package.json", before, before.replace("\"a\",", "\"b\","))))
        .isEmpty();
    assertThat(kinds(file("package.json", before, "{\"jest\": {"))).containsExactly(BUILD_TOUCHED);
  }

  static Stream<Arguments> thresholds() {
    return Stream.of(
        Arguments.of(".coveragerc", "[report]\nfail_under = 90\n", "90", "75"),
        Arguments.of("tox.ini", "commands = pytest --cov-fail-under=85 -q\n", "85", "0"),
        Arguments.of("setup.cfg", "addopts = --cov-fail-under 85\n", "85", "84.5"),
        Arguments.of("pom.xml", "<limit><minimum>0.80</minimum></limit>", "0.80", "0.10"),
        Arguments.of("build.gradle.kts", "minimum = \"0.80\".toBigDecimal()", "0.80", "0.8e"),
        Arguments.of("build.gradle", "limit { minimum = 0.8 }", "0.8", "0.5"),
        Arguments.of(
            "jest.config.js",
            "coverageThreshold: { global: { branches: 80, lines: 90 } }",
            "90",
            "50"),
        Arguments.of("vitest.config.ts", "thresholds: { functions: 70 }", "70", "7"),
        Arguments.of(".nycrc", "{\"statements\": 95, \"check-coverage\": true}", "95", "9"),
        Arguments.of("Makefile", "COVERAGE_MIN=80\n", "80", "60"),
        Arguments.of("codecov.yml", "project:\n  target: 80%\n", "80%", "20%"),
        Arguments.of(
            ".github/workflows/ci.yml", "run: coverage report --fail-under=80", "80", "1"));
  }

  @ParameterizedTest
  @MethodSource("thresholds")
  void a_lowered_threshold_is_named(String path, String text, String high, String low) {
    if (low.equals("0.8e")) {
      assertThat(kinds(file(path, text, text.replace("0.80", "0.8"))))
          .containsExactly(BUILD_TOUCHED);
      return;
    }
    String after = text.replace(high, low);

    assertThat(kinds(file(path, text, after))).contains(THRESHOLD_LOWERED);
    assertThat(kinds(file(path, after, text))).as("raised").doesNotContain(THRESHOLD_LOWERED);
    assertThat(kinds(file(path, text, ""))).as("taken out").contains(THRESHOLD_LOWERED);
  }

  @Test
  void a_lowered_threshold_is_told_with_both_numbers() {
    assertThat(
            Tampering.in(
                List.of(
                    file(
                        "jest.config.js",
                        "global: { branches: 80, lines: 90 }",
                        "global: { branches: 80, lines: 45 }"))))
        .contains(new Suspicion(THRESHOLD_LOWERED, "jest.config.js", "lines 90 is 45 now"));
  }

  @Test
  void a_threshold_that_is_commented_out_is_gone() {
    assertThat(kinds(file(".coveragerc", "fail_under = 90\n", "# fail_under = 90\n")))
        .contains(THRESHOLD_LOWERED);
    assertThat(
            kinds(file("pom.xml", "<minimum>0.8</minimum>", "<!--\n<minimum>0.8</minimum>\n-->")))
        .contains(THRESHOLD_LOWERED);
  }

  @Test
  void limits_that_are_not_to_be_reached_are_no_thresholds() {
    assertThat(kinds(file(".eslintrc", "\"max-lines\": 300", "\"max-lines\": 200")))
        .containsExactly(BUILD_TOUCHED);
  }

  @Test
  void bytes_that_are_no_text_do_no_harm() {
    byte[] before =
        (PYTHON + "# caf\u00e9\n").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] after = "\u00ff\u00fe".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

    assertThat(kinds(Revision.of("tests/test_sum.py", Optional.of(before), Optional.of(after))))
        .containsExactly(TEST_REMOVED);
  }

  @Test
  void huge_files_are_not_read_but_their_touch_is_seen() {
    byte[] huge = new byte[(1 << 20) + 1];
    Arrays.fill(huge, (byte) ' ');

    assertThat(
            kinds(
                Revision.of("pom.xml", Optional.of("a".getBytes(UTF_8)), Optional.of(huge)),
                Revision.of("ATest.java", Optional.of(JUNIT.getBytes(UTF_8)), Optional.of(huge))))
        .containsExactly(BUILD_TOUCHED);
  }

  @Test
  void hostile_text_is_read_all_the_same() {
    String quotes = "it('" + "x".repeat(500_000);
    String annotations = "@Test ".repeat(150_000);
    String comment = "<!--".repeat(2_000) + "<minimum>" + "9".repeat(100_000);

    assertThat(kinds(file("a.test.js", JEST, quotes))).containsExactly(TEST_REMOVED);
    assertThat(kinds(file("ATest.java", JUNIT, annotations))).isEmpty();
    assertThat(kinds(file("pom.xml", comment, comment + " "))).containsExactly(BUILD_TOUCHED);
  }
}
