package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What files may look like, before anybody asks what they say. */
final class SyntaxTest {

  /** {@code ¶} is a line end, {@code →} a tab. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          title: fix: the bug      | 1:11 | a colon where no key can stand
          a:¶→b: c                 | 2:1  | a tab where YAML wants spaces
          a: @x                    | 1:4  | text cannot begin with '@'
          a: `x`                   | 1:4  | text cannot begin with '`'
          a: 'open¶b: c            | 1:4  | this quote is never closed
          a: "open¶b: c            | 1:4  | this quote is never closed
          a: [b, c¶d: e            | 2:2  | '[' from line 1 is not closed, or a comma is missing
          a: {b: c¶d: e            | 2:2  | '{' from line 1 is not closed, or a comma is missing
          a: {b:                   | 1:7  | the file ends in the middle
          a: "\\d"                 | 1:6  | in double quotes a backslash begins an escape
          a: "\\UFFFFFFFF"         | 1:7  | this escape stands for no character
          a: "x" y                 | 1:8  | text after the end of a value
          a: 'it's'                | 1:8  | text after the end of a value
          a: - b                   | 1:4  | a list cannot begin here
          a:¶  b: 1¶ c: 2          | 3:2  | the indentation fits nothing above
          a: b¶c                   | 2:1  | neither 'key: value' nor part of what is above
          a: >x¶  t                | 1:5  | after '|' or '>' the line must end
          a: **/*.py               | 1:4  | '*' has a meaning in YAML
          a: *.py                  | 1:4  | '*' has a meaning in YAML
          a: *py                   | 1:4  | '*py' refers to an anchor that is not there
          a: !foo b                | 1:4  | tags are not read: '!foo'
          a: !!int 5               | 1:4  | tags are not read: 'tag:yaml.org,2002:int'
          a: b¶---¶c: d            | 2:1  | a second document begins here
          a: {{ x }}               | 1:5  | a key is a mapping instead of a word
          <<: {a: b}               | 1:1  | merge keys ('<<') are not read
          a: 1¶b: 2¶a: 3           | 3:1  | key 'a' is here twice, first in line 1
          a: 1¶"a": 3              | 2:1  | key 'a' is here twice, first in line 1
          a: &a [*a]               | 1:8  | '*a' refers to what it is part of
          a:b                      | 1:1  | the file is text instead of a mapping
          - a                      | 1:1  | the file is a list instead of a mapping
          %YAML 3.0¶---¶a: b       | 1:1  | not YAML 1
          """)
  void a_fault_of_form_has_its_place_and_says_what_is_wrong(
      String text, String place, String message) {
    List<Fault> faults = faults("t.yml", text.replace('¶', '\n').replace('→', '\t'));

    assertThat(faults).hasSize(1);
    var at = (Origin.InFile) faults.getFirst().at();
    assertThat(faults.getFirst().message()).startsWith(message);
    assertThat(at.line() + ":" + at.column()).isEqualTo(place);
    assertThat(faults.getFirst().cure()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a": 1, "a": 2}   | 1:10 | key 'a' is here twice
          {"a": 1,}          | 1:9  | not JSON:
          {"a": 1} {}        | 1:10 | text after the end
          {"a": // x         | 1:7  | not JSON:
          {'a': 1}           | 1:2  | not JSON:
          {"a": NaN}         | 1:7  | not JSON:
          [1]                | 1:1  | the file is a list instead of a mapping
          {"a": [            | 1:8  | not JSON:
          """,
      quoteCharacter = '\0')
  void json_is_read_as_json(String text, String place, String message) {
    List<Fault> faults = faults("t.json", text);

    assertThat(faults).hasSize(1);
    var at = (Origin.InFile) faults.getFirst().at();
    assertThat(faults.getFirst().message()).startsWith(message);
    assertThat(at.line()).isEqualTo(1);
    assertThat(at.column())
        .isBetween(
            Integer.parseInt(place.substring(2)) - 1, Integer.parseInt(place.substring(2)) + 3);
  }

  @Test
  void all_faults_that_do_not_end_the_reading_are_found_at_once() {
    assertThat(faults("t.yml", "<<: {a: b}\na: 1\na: 2\n? [x]\n: y\nb: !x z\n")).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? "})
  void deep_nesting_is_refused_before_anything_grows(String step) {
    assertThat(faults("t.yml", step.repeat(100_000)))
        .singleElement()
        .extracting(Fault::message)
        .asString()
        .startsWith("nested deeper than 50 levels");
  }

  @Test
  void deep_json_is_refused() {
    assertThat(faults("t.json", "[".repeat(100_000)))
        .singleElement()
        .extracting(Fault::message)
        .asString()
        .startsWith("nested deeper than 50 levels");
  }

  @Test
  void aliases_count_for_what_they_stand_for() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 25; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }

    assertThat(faults("t.yml", bomb.toString()))
        .singleElement()
        .extracting(Fault::message)
        .asString()
        .startsWith("more than 200000 values");
  }

  @Test
  void a_few_aliases_are_read() {
    var mapping = mapping("a: &x [one, two]\nb: *x\n");

    assertThat(new Values(mapping).texts("b")).containsExactly("one", "two");
  }

  @Test
  void words_stay_as_written() {
    var values = new Values(mapping("a: no\nb: 01\nc: 1e3\nd: 0x1F\ne: 2026-01-01\nf: yes\n"));

    assertThat(values.text("a")).contains("no");
    assertThat(values.text("b")).contains("01");
    assertThat(values.text("c")).contains("1e3");
    assertThat(values.text("d")).contains("0x1F");
    assertThat(values.text("e")).contains("2026-01-01");
    assertThat(values.text("f")).contains("yes");
  }

  @Test
  void nothing_is_nothing_only_without_quotes() {
    var values = new Values(mapping("a: ~\nb: null\nc:\nd: \"~\"\ne: 'null'\nf: \"\"\n"));

    assertThat(values.text("a")).isEmpty();
    assertThat(values.text("b")).isEmpty();
    assertThat(values.text("c")).isEmpty();
    assertThat(values.text("d")).contains("~");
    assertThat(values.text("e")).contains("null");
    assertThat(values.text("f")).contains("");
  }

  @Test
  void line_marks_of_yaml_1_1_are_text() {
    var values = new Values(mapping("a: \"x\u0085y\u2028z\u2029\"\nb: p\u0085q\n"));

    assertThat(values.text("a")).contains("x\u0085y\u2028z\u2029");
    assertThat(values.text("b")).contains("p\u0085q");
  }

  @Test
  void line_ends_of_windows_are_line_ends() {
    var values = new Values(mapping("a: b\r\nc: |\r\n  d\r\n  e\r\n"));

    assertThat(values.text("a")).contains("b");
    assertThat(values.text("c")).contains("d\ne\n");
  }

  private static Node.Mapping mapping(String text) {
    return read("t.yml", text, new Faults()).orElseThrow();
  }

  private static List<Fault> faults(String name, String text) {
    var faults = new Faults();
    Optional<Node.Mapping> read = read(name, text, faults);
    return switch (faults.orElse(() -> read)) {
      case Loaded.Good<?> _ -> List.of();
      case Loaded.Bad<?> bad -> bad.faults();
    };
  }

  private static Optional<Node.Mapping> read(String name, String text, Faults faults) {
    return Document.read(new Source(name, text), faults);
  }
}
