package dev.agentrunner.core.secret;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts {@code [masked ANTHROPIC_API_KEY]} or {@code [masked github token]} where a secret stands: a
 * known value, as it is or encoded, or what looks like one. Line ends within a secret stay, so that
 * line numbers do. What is masked once stays as it is when it is masked again.
 */
public final class Mask {

  /** Knows no value, but what a secret looks like. */
  public static final Mask OF_SHAPES = of(List.of());

  private static final String OPEN = "[masked ";
  private static final int NAME_MAX = 80;

  /** One for each way that two letters can begin with, as far as 16 bits tell them apart. */
  private static final int BEGINNINGS = 1 << 16;

  private final Map<String, String> forms;
  private final BitSet beginnings = new BitSet(BEGINNINGS);
  private final boolean byLine;

  private Mask(Map<String, String> forms) {
    this.forms = forms;
    forms.keySet().forEach(form -> beginnings.set(beginning(form, 0)));
    this.byLine = forms.keySet().stream().anyMatch(form -> form.chars().anyMatch(c -> c <= ' '));
  }

  public static Mask of(List<Secret> secrets) {
    Map<String, String> forms = new LinkedHashMap<>();
    for (Secret secret : secrets) {
      Forms.of(secret.value()).forEach(form -> forms.putIfAbsent(form, secret.name()));
    }
    return new Mask(forms);
  }

  /** For what people and programs say. */
  public String text(String text) {
    return masked(text, spans(text, true));
  }

  /**
   * For what files hold, and what is to be put into them: known values and unmistakable tokens
   * only, as anything more would keep ordinary sources from being edited.
   */
  public String fileText(String text) {
    return masked(text, spans(text, false));
  }

  /** Whether {@link #fileText} would change what a file holds. */
  public boolean hides(byte[] content) {
    return !spans(new String(content, StandardCharsets.ISO_8859_1), false).isEmpty();
  }

  /** For text that comes in pieces. */
  public MaskedStream stream() {
    return new MaskedStream(this);
  }

  /**
   * The first mark of a masked secret in {@code text} that {@code there} does not hold: whoever
   * writes it means the secret, and has not got it.
   */
  public static Optional<String> mark(String text, String there) {
    for (int at = text.indexOf(OPEN); at >= 0; at = text.indexOf(OPEN, at + 1)) {
      int end = text.indexOf(']', at, Math.min(text.length(), at + NAME_MAX));
      if (end >= 0) {
        String mark = text.substring(at, end + 1);
        if (!mark.contains("\n") && !there.contains(mark)) {
          return Optional.of(mark);
        }
      }
    }
    return Optional.empty();
  }

  boolean byLine() {
    return byLine;
  }

  private List<Span> spans(String text, boolean said) {
    List<Span> spans = new ArrayList<>();
    for (int at = 0; at < text.length() - 1; at++) {
      if (beginnings.get(beginning(text, at))) {
        findForms(text, at, spans);
      }
    }
    Shapes shapes = new Shapes(text, spans);
    shapes.findTokensAndKeys();
    if (said) {
      shapes.findCredentials();
    }
    spans.sort(Comparator.comparingInt(Span::start));
    return spans;
  }

  /** One pass over the text does for all forms, as hardly any place begins like one. */
  private void findForms(String text, int at, List<Span> spans) {
    forms.forEach((form, name) -> {
      if (text.startsWith(form, at)) {
        spans.add(new Span(at, at + form.length(), name));
      }
    });
  }

  private static int beginning(String text, int at) {
    return (text.charAt(at) * 251 + text.charAt(at + 1)) & (BEGINNINGS - 1);
  }

  private static String masked(String text, List<Span> spans) {
    if (spans.isEmpty()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length());
    int done = 0;
    int i = 0;
    while (i < spans.size()) {
      Span first = spans.get(i);
      int end = first.end();
      // What overlaps is one secret as far as anybody can tell.
      for (i++; i < spans.size() && spans.get(i).start() < end; i++) {
        end = Math.max(end, spans.get(i).end());
      }
      shown.append(text, done, first.start());
      shown.append(OPEN).append(first.name()).append(']');
      text.substring(first.start(), end)
          .chars()
          .filter(c -> c == '\n')
          .forEach(c -> shown.append('\n'));
      done = end;
    }
    return shown.append(text, done, text.length()).toString();
  }
}
