package dev.agentrunner.core.tamper;

import dev.agentrunner.core.tamper.Suspicion.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at what changed for what may weaken the checks. It sees words, not meaning: a test whose
 * assertion was taken out is still a test.
 */
public final class Tampering {

  /** A test file that was, is, or has become another one. */
  private record Tested(Revision file, TestFile before, TestFile after) {

    static Tested of(Revision file) {
      return new Tested(
          file,
          TestFile.read(file.path(), file.before()),
          TestFile.read(file.path(), file.after()));
    }

    boolean isNew() {
      return file.before().isEmpty();
    }
  }

  private final List<Suspicion> found = new ArrayList<>();

  private Tampering() {}

  /** Whether a change of the file at {@code path} could be one of those that are looked for. */
  public static boolean concerns(String path) {
    return TestFile.isOne(path) || CheckFile.kind(path).isPresent();
  }

  /** What is suspicious about {@code files}, by path. */
  public static List<Suspicion> in(List<Revision> files) {
    Tampering tampering = new Tampering();
    List<Tested> tested = new ArrayList<>();
    for (Revision file : files) {
      if (file.isSame()) {
        continue;
      }
      CheckFile.kind(file.path()).ifPresent(kind -> tampering.check(file, kind));
      if (TestFile.isOne(file.path()) && file.isReadable()) {
        tested.add(Tested.of(file));
      }
    }
    tampering.tests(renamed(tested));
    return tampering.found.stream()
        .sorted(Comparator.comparing(Suspicion::path).thenComparing(Suspicion::kind))
        .toList();
  }

  private void check(Revision file, Kind kind) {
    CheckFile.touch(file).ifPresent(how -> found.add(new Suspicion(kind, file.path(), how)));
    if (file.isReadable() && file.before().isPresent() && !file.isGone()) {
      List<String> lowered =
          Thresholds.in(file.before().get()).loweredIn(Thresholds.in(file.after().orElse("")));
      if (!lowered.isEmpty()) {
        found.add(new Suspicion(Kind.THRESHOLD_LOWERED, file.path(), some(lowered)));
      }
    }
  }

  /** A file that went and one that came with the same tests, or the same name, are one. */
  private static List<Tested> renamed(List<Tested> files) {
    Map<String, Tested> left = new LinkedHashMap<>();
    files.forEach(file -> left.put(file.file.path(), file));
    for (Tested gone : files) {
      if (!gone.file.isGone()) {
        continue;
      }
      Optional<Tested> come =
          left.values().stream()
              .filter(Tested::isNew)
              .filter(one -> isRename(gone, one))
              .findFirst();
      if (come.isPresent()) {
        Revision moved = come.get().file.from(gone.file);
        left.remove(gone.file.path());
        left.put(moved.path(), new Tested(moved, gone.before, come.get().after));
      }
    }
    return List.copyOf(left.values());
  }

  private static boolean isRename(Tested gone, Tested come) {
    if (gone.file.before().equals(come.file.after())) {
      return true;
    }
    int tests = gone.before.tests().size();
    int kept = tests - gone.before.without(come.after).size();
    return kept > 0 && (2 * kept >= tests || gone.file.fileName().equals(come.file.fileName()));
  }

  private void tests(List<Tested> files) {
    Map<String, Integer> elsewhere = new HashMap<>();
    for (Tested file : files) {
      file.after.without(file.before).forEach(test -> elsewhere.merge(test, 1, Integer::sum));
    }
    Map<Tested, List<String>> missing = new LinkedHashMap<>();
    for (Tested file : files) {
      List<String> gone = file.before.without(file.after);
      missing.put(file, gone.stream().filter(test -> !taken(elsewhere, test)).toList());
    }
    // What was moved here makes up for what went there, and for nothing else.
    missing.forEach((file, gone) -> {
      long came =
          file.after.without(file.before).stream().filter(test -> taken(elsewhere, test)).count();
      removed(file, gone, gone.size() - (int) came);
    });
    files.forEach(this::skipped);
  }

  private void removed(Tested file, List<String> missing, int fewer) {
    boolean hadTests = !file.before.tests().isEmpty();
    if (!file.file.isGone()) {
      if (fewer > 0) {
        found.add(
            new Suspicion(
                Kind.TEST_REMOVED,
                file.file.path(),
                "%d tests instead of %d; not there any more: %s"
                    .formatted(
                        file.after.tests().size(), file.before.tests().size(), named(missing))));
      }
    } else if (hadTests && fewer > 0) {
      found.add(
          new Suspicion(
              Kind.TEST_DELETED, file.file.path(), "deleted with " + count(fewer, missing)));
    } else if (!hadTests && TestFile.isNamedSo(file.file.path())) {
      found.add(new Suspicion(Kind.TEST_DELETED, file.file.path(), "deleted"));
    }
  }

  private static boolean taken(Map<String, Integer> elsewhere, String test) {
    Integer there = elsewhere.get(test);
    if (there == null || there == 0) {
      return false;
    }
    elsewhere.put(test, there - 1);
    return true;
  }

  private void skipped(Tested file) {
    int before = file.before.skipped();
    int after = file.after.skipped();
    if (after > before) {
      found.add(
          new Suspicion(
              Kind.TEST_SKIPPED,
              file.file.path(),
              "%s newly skipped or left out: %s"
                  .formatted(
                      after - before == 1 ? "1 place" : (after - before) + " places",
                      some(file.after.marksBeyond(file.before)))));
    }
  }

  private static String count(int tests, List<String> names) {
    return (tests == 1 ? "1 test: " : tests + " tests: ") + named(names);
  }

  private static String named(List<String> tests) {
    return some(tests.stream().map(test -> test.isEmpty() ? "(unnamed)" : test).toList());
  }

  /** The first few of them, each cut where it is long. */
  private static String some(List<String> words) {
    List<String> shown =
        words.stream()
            .limit(5)
            .map(word -> word.length() <= 60 ? word : word.substring(0, 57) + "...")
            .map(word -> word.replace('\n', ' ').replace('\r', ' '))
            .toList();
    return String.join(", ", shown)
        + (words.size() > shown.size()
            ? " and %d more".formatted(words.size() - shown.size())
            : "");
  }
}
