package dev.agentrunner.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.edit.FileMode;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.port.Checkpoints.Kept;
import dev.agentrunner.port.Checkpoints.PathChange;
import dev.agentrunner.port.Checkpoints.Restored;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every keeper of checkpoints does, whatever it keeps them in. */
public abstract class CheckpointsContract {

  protected abstract Checkpoints checkpoints();

  protected abstract String folder();

  protected abstract void write(String path, String text);

  protected abstract void delete(String path);

  /** All files and what they hold. */
  protected abstract Map<String, String> files();

  private TreeId taken() {
    return checkpoints().take(folder(), Optional.empty()).tree();
  }

  @Test
  void the_same_files_have_the_same_tree() {
    write("a.txt", "a");
    TreeId first = taken();
    write("a.txt", "b");
    TreeId second = taken();
    write("a.txt", "a");

    assertThat(taken()).isEqualTo(first).isNotEqualTo(second);
  }

  @Test
  void what_changed_is_told_by_path_with_what_it_held() {
    write("changed", "old");
    write("gone", "going");
    write("same", "same");
    TreeId before = taken();
    write("changed", "new");
    write("sub/made", "made");
    delete("gone");

    assertThat(checkpoints().changes(before, taken()))
        .extracting(PathChange::path, c -> text(c.before()), c -> text(c.after()))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("changed", "old", "new"),
            org.assertj.core.groups.Tuple.tuple("gone", "going", "-"),
            org.assertj.core.groups.Tuple.tuple("sub/made", "-", "made"));
    assertThat(checkpoints().changes(before, before)).isEmpty();
  }

  private String text(Optional<Kept> file) {
    return file.map(
            kept -> {
              assertThat(kept.mode()).isEqualTo(FileMode.PLAIN);
              return new String(checkpoints().content(kept), StandardCharsets.UTF_8);
            })
        .orElse("-");
  }

  @Test
  void putting_back_brings_the_files_back_and_tells_the_way_back() {
    write("a", "1");
    write("sub/b", "2");
    Map<String, String> then = files();
    TreeId tree = taken();
    write("a", "changed");
    write("sub/c", "3");
    delete("sub/b");
    Map<String, String> now = files();

    Restored restored = checkpoints().restore(folder(), tree, false);

    assertThat(files()).isEqualTo(then);
    assertThat(restored.changes())
        .extracting(PathChange::path)
        .containsExactly("a", "sub/b", "sub/c");

    checkpoints().restore(folder(), restored.before(), false);
    assertThat(files()).isEqualTo(now);
  }

  @Test
  void putting_back_twice_changes_nothing_more() {
    write("a", "1");
    TreeId tree = taken();
    write("a", "2");
    checkpoints().restore(folder(), tree, false);

    assertThat(checkpoints().restore(folder(), tree, false).changes()).isEmpty();
  }

  @Test
  void only_the_files_that_are_meant_are_put_back() {
    write("a", "1");
    write("b", "1");
    write("sub/c", "1");
    TreeId tree = taken();
    write("a", "2");
    write("b", "2");
    write("sub/new", "2");
    delete("sub/c");

    Restored restored =
        checkpoints().restoreOnly(folder(), tree, Set.of("a", "sub/c", "sub/new", "never"));

    assertThat(restored.changes())
        .extracting(PathChange::path)
        .containsExactly("a", "sub/c", "sub/new");
    TreeId now = taken();
    assertThat(checkpoints().changes(tree, now)).extracting(PathChange::path).containsExactly("b");
    assertThat(checkpoints().restoreOnly(folder(), tree, Set.of("a")).changes()).isEmpty();
    assertThat(checkpoints().changes(restored.before(), now)).hasSize(3);
  }

  @Test
  void a_dry_run_tells_the_same_and_touches_nothing() {
    write("a", "1");
    TreeId tree = taken();
    write("a", "2");
    Map<String, String> now = files();

    Restored dry = checkpoints().restore(folder(), tree, true);

    assertThat(files()).isEqualTo(now);
    assertThat(checkpoints().restore(folder(), tree, false)).isEqualTo(dry);
  }

  @Test
  void a_name_stands_for_the_last_tree_it_was_given_to() {
    write("a", "1");
    TreeId first = taken();
    write("a", "2");
    TreeId second = taken();

    assertThat(checkpoints().remembered("undone/run/T1")).isEmpty();
    checkpoints().remember("undone/run/T1", first);
    checkpoints().remember("undone/run/T1", second);
    assertThat(checkpoints().remembered("undone/run/T1")).contains(second);
  }

  @Test
  void a_tree_that_was_never_kept_is_an_error() {
    TreeId tree = taken();
    TreeId other = new TreeId("0123456789012345678901234567890123456789");

    assertThatThrownBy(() -> checkpoints().changes(tree, other))
        .isInstanceOf(EnvironmentException.class);
  }
}
