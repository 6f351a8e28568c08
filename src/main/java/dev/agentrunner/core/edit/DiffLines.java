package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The lines of a reply that are a diff.
 *
 * @param numbers for each line, which of the reply it is, from 1
 */
record DiffLines(List<Line> lines, List<Integer> numbers) {

  DiffLines {
    lines = List.copyOf(lines);
    numbers = List.copyOf(numbers);
  }

  /** Everything if the first diff stands in the open, otherwise what stands between fences. */
  static DiffLines of(List<Line> reply) {
    List<Line> lines = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    boolean fenced = false;
    boolean wanted = false;
    for (int i = 0; i < reply.size(); i++) {
      if (reply.get(i).text().startsWith("```")) {
        fenced = !fenced;
        wanted = fenced && beginsBelow(reply, i + 1);
      } else if (wanted) {
        lines.add(reply.get(i));
        numbers.add(i + 1);
      } else if (!fenced && lines.isEmpty() && begins(reply, i)) {
        return new DiffLines(reply, IntStream.rangeClosed(1, reply.size()).boxed().toList())
            .withoutTransportEndings();
      }
    }
    return new DiffLines(lines, numbers).withoutTransportEndings();
  }

  private static boolean beginsBelow(List<Line> reply, int from) {
    int first = from;
    while (first < reply.size() && reply.get(first).blank()) {
      first++;
    }
    return first < reply.size()
        && (begins(reply, first) || reply.get(first).text().startsWith("Index: "));
  }

  private static boolean begins(List<Line> lines, int at) {
    return lines.get(at).text().startsWith("diff --git ") || names(lines, at);
  }

  /** Whether the two lines that name a file stand at {@code at}. */
  static boolean names(List<Line> lines, int at) {
    return lines.get(at).text().startsWith("--- ")
        && at + 1 < lines.size()
        && lines.get(at + 1).text().startsWith("+++ ");
  }

  /** If even the headers end in CRLF, that is how the reply came, not what the files hold. */
  private DiffLines withoutTransportEndings() {
    boolean transported =
        IntStream.range(0, lines.size())
            .filter(i -> names(lines, i))
            .anyMatch(i -> lines.get(i).ending().equals(Line.CRLF));
    return transported
        ? new DiffLines(
            lines.stream()
                .map(line -> line.ending().equals(Line.CRLF) ? line.ending(Line.LF) : line)
                .toList(),
            numbers)
        : this;
  }
}
