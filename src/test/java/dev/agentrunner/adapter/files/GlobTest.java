package dev.agentrunner.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlobTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "*.py a.py",
        "*.py deep/down/a.py",
        "a.py deep/a.py",
        "? b",
        "src/*.py src/a.py",
        "./src/*.py src/a.py",
        "/src/*.py src/a.py",
        "src/**/*.py src/a.py",
        "src/**/*.py src/a/b/c.py",
        "src/**.py src/a/b/c.py",
        "src/** src/a/b",
        "** a/b",
        "**/b a/b",
        "**/b b",
        "a/**/b a/b",
        "*/b a/b",
        "*.{js,ts} a.ts",
        "{a,b/{c,d}}/e b/d/e",
        "a{,.bak} a",
        "a{a a{a",
        "[a-c]x bx",
        "[!a-c]x dx",
        "[^a-c]x dx",
        "[]]x ]x",
        "[a\\]]x ]x",
        "\\*x *x",
        ".* .github",
        "* .hidden",
        "*a*b*c xaybzc",
      })
  void these_match(String glob, String path) throws Refusal {
    assertThat(Glob.of(glob).matches(path)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "*.py a.pyc",
        "src/*.py src/a/b.py",
        "src/*.py a/src/b.py",
        "src/** src",
        "src/** srcs/a",
        "*/b a/a/b",
        "a?b a/b",
        "a*b a/b",
        "[a-c]x dx",
        "[!a-c]x ax",
        "[a-c a",
        "*.{js,ts} a.{js,ts}",
        "A a",
        "\\*x ax",
        "a\\ a\\",
      })
  void these_do_not(String glob, String path) throws Refusal {
    assertThat(Glob.of(glob).matches(path)).isFalse();
  }

  @Test
  void a_glob_with_too_many_alternatives_is_refused() {
    assertThatThrownBy(() -> Glob.of("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"))
        .isInstanceOf(Refusal.class)
        .hasMessage("the glob has more than 100 alternatives; use fewer");
  }

  @Test
  void a_glob_made_to_take_long_does_not() throws Refusal {
    Glob glob = Glob.of("**/" + "*a".repeat(300) + "b/" + "**/x/".repeat(100) + "y");

    assertThat(glob.matches("x/" + "a".repeat(5_000) + "/x".repeat(5_000))).isFalse();
  }
}
