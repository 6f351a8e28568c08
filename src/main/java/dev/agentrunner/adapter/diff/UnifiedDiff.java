package dev.agentrunner.adapter.diff;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Differences for people. */
public final class UnifiedDiff {
  private UnifiedDiff() {}

  public static String of(String path, Optional<byte[]> before, Optional<byte[]> after) {
    List<String> a = lines(before);
    List<String> b = lines(after);
    return String.join(
            "\n",
            UnifiedDiffUtils.generateUnifiedDiff(
                before.isPresent() ? "a/" + path : "/dev/null",
                after.isPresent() ? "b/" + path : "/dev/null",
                a,
                DiffUtils.diff(a, b),
                3))
        + "\n";
  }

  private static List<String> lines(Optional<byte[]> text) {
    return text.map(t -> new String(t, StandardCharsets.UTF_8).lines().toList()).orElse(List.of());
  }
}
