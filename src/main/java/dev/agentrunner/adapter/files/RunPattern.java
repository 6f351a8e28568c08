package dev.agentrunner.adapter.files;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A pattern for a row of things, some of whose pieces stand for one thing and others for any run of
 * them. Takes time in proportion to pattern times row, whatever they are.
 *
 * @param pieces what one thing must be; empty for any run, of none or more
 */
record RunPattern<T>(List<Optional<Predicate<T>>> pieces) {

  RunPattern {
    pieces = List.copyOf(pieces);
  }

  boolean matches(List<T> row) {
    int piece = 0;
    int at = 0;
    int afterRun = -1;
    int runEnd = 0;
    while (at < row.size()) {
      if (isRun(piece)) {
        piece++;
        afterRun = piece;
        runEnd = at;
      } else if (isOne(piece, row.get(at))) {
        piece++;
        at++;
      } else if (afterRun >= 0) {
        // Only the last run need give way: what stands before it has been matched for good.
        piece = afterRun;
        runEnd++;
        at = runEnd;
      } else {
        return false;
      }
    }
    while (isRun(piece)) {
      piece++;
    }
    return piece == pieces.size();
  }

  private boolean isRun(int piece) {
    return piece < pieces.size() && pieces.get(piece).isEmpty();
  }

  private boolean isOne(int piece, T thing) {
    return piece < pieces.size() && pieces.get(piece).filter(p -> p.test(thing)).isPresent();
  }
}
