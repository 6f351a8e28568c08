package dev.agentrunner.adapter.yaml;

/**
 * The part of a line around a place, as a terminal shows it.
 *
 * @param before columns left of the place
 * @param under columns the place takes; at least 1
 */
record Excerpt(String text, int before, int under) {

  private static final int WINDOW = 100;
  private static final int LOOKED_AT = 2000;
  private static final String TAB = " ".repeat(4);
  private static final String CUT = "…";

  static Excerpt around(Origin.InFile at) {
    String line = at.source().line(at.line());
    int caret = at.column() - 1;
    // Lines of megabytes are cut before anything is looked for in them.
    int length = line.codePointCount(0, line.length());
    int skipped = Math.clamp(length - 2L * LOOKED_AT, 0, Math.max(0, caret - LOOKED_AT));
    int start = line.offsetByCodePoints(0, skipped);
    int taken = Math.min(length - skipped, 2 * LOOKED_AT);
    String near = Secrets.masked(line.substring(start, line.offsetByCodePoints(start, taken)));
    return cut(near.codePoints().toArray(), caret - skipped, at.width(), skipped > 0);
  }

  private static Excerpt cut(int[] line, int caret, int width, boolean alreadyCut) {
    int from = Math.clamp(line.length - (long) WINDOW, 0, Math.max(0, caret - WINDOW / 2));
    int to = Math.min(line.length, from + WINDOW);
    StringBuilder text = new StringBuilder(alreadyCut || from > 0 ? CUT : "");
    int before = text.length();
    int under = 0;
    for (int i = from; i < to; i++) {
      String shown = line[i] == '\t' ? TAB : Printable.of(line[i]);
      int columns = shown.codePoints().map(Printable::columns).sum();
      text.append(shown);
      if (i < caret) {
        before += columns;
      } else if (i - caret < width) {
        under += columns;
      }
    }
    if (to < line.length) {
      text.append(CUT);
    }
    return new Excerpt(text.toString().stripTrailing(), before, Math.max(1, under));
  }
}
