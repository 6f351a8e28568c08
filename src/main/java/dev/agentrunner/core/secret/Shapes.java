package dev.agentrunner.core.secret;

import java.util.List;
import java.util.Locale;

/**
 * Finds what looks like a secret though nobody said that it is one. Each look goes over the text
 * once, so that time is in proportion to its length whatever it holds.
 */
final class Shapes {

  /**
   * A token that shows by its first letters who gave it out.
   *
   * @param more letters that follow at least
   */
  private record Token(String prefix, int more, String name) {}

  private static final List<Token> TOKENS =
      List.of(
          new Token("sk-ant-", 10, "anthropic key"),
          new Token("sk-", 16, "api key"),
          new Token("AIza", 30, "google key"),
          new Token("ghp_", 20, "github token"),
          new Token("gho_", 20, "github token"),
          new Token("ghu_", 20, "github token"),
          new Token("ghs_", 20, "github token"),
          new Token("ghr_", 20, "github token"),
          new Token("github_pat_", 20, "github token"),
          new Token("glpat-", 16, "gitlab token"),
          new Token("xoxb-", 10, "slack token"),
          new Token("xoxp-", 10, "slack token"),
          new Token("xoxa-", 10, "slack token"),
          new Token("xoxr-", 10, "slack token"),
          new Token("xoxs-", 10, "slack token"),
          new Token("xapp-", 10, "slack token"),
          new Token("AKIA", 16, "aws key id"),
          new Token("ASIA", 16, "aws key id"),
          new Token("npm_", 36, "npm token"),
          new Token("pypi-AgEI", 50, "pypi token"),
          new Token("hf_", 30, "hugging face token"),
          new Token("gsk_", 30, "groq key"),
          new Token("xai-", 30, "xai key"),
          new Token("sk_live_", 16, "stripe key"),
          new Token("sk_test_", 16, "stripe key"),
          new Token("rk_live_", 16, "stripe key"));

  static final String PEM_BEGIN = "-----BEGIN ";
  private static final String PEM_END = "-----END ";

  /** From the beginning of a block to the end of its first line, at most. */
  static final int PEM_HEAD_MAX = 64;

  private static final int ADDRESS_MAX = 512;
  private static final int BEARER_MIN = 16;

  private final String text;
  private final List<Span> found;

  Shapes(String text, List<Span> found) {
    this.text = text;
    this.found = found;
  }

  /** Those that are a secret wherever they stand, in a source file too. */
  void findTokensAndKeys() {
    TOKENS.forEach(this::findTokens);
    findPrivateKeys();
  }

  /** Those that are a secret where somebody prints them, but an example in many a file. */
  void findCredentials() {
    findWebTokens();
    findAfter("earer ", "bearer token");
    findAfter("-api-key: ", "api key");
    findBasic();
    findAddresses();
  }

  private void findTokens(Token token) {
    int at = text.indexOf(token.prefix);
    while (at >= 0) {
      int from = at + token.prefix.length();
      int end = endOfWord(from);
      if (end - from >= token.more && !isInWord(at - 1) && hasDigit(from, end)) {
        found.add(new Span(at, end, token.name));
      }
      at = text.indexOf(token.prefix, Math.max(end, at + 1));
    }
  }

  private void findPrivateKeys() {
    int close = 0;
    int at = text.indexOf(PEM_BEGIN);
    while (at >= 0) {
      int next = at + PEM_BEGIN.length();
      int head = headOfPrivateKey(at);
      if (head >= 0) {
        close = close >= 0 && close < head ? text.indexOf(PEM_END, head) : close;
        next = close >= 0 ? endOfPem(close) : endOfBody(head);
        found.add(new Span(at, next, "private key"));
      }
      at = text.indexOf(PEM_BEGIN, next);
    }
  }

  /** Where the first line of a private key at {@code at} ends; -1 if it is none. */
  private int headOfPrivateKey(int at) {
    int dashes = text.indexOf("-----", at + PEM_BEGIN.length());
    return dashes >= 0
            && dashes - at <= PEM_HEAD_MAX
            && text.substring(at, dashes).contains("PRIVATE KEY")
        ? dashes + 5
        : -1;
  }

  private int endOfPem(int close) {
    int dashes = text.indexOf("-----", close + PEM_END.length());
    return dashes >= 0 && dashes - close <= PEM_HEAD_MAX
        ? dashes + 5
        : Math.min(text.length(), close + PEM_END.length());
  }

  /** For a key that was cut off: all that could belong to it. */
  private int endOfBody(int from) {
    int end = from;
    while (end < text.length()
        && (isWord(text.charAt(end)) || "+/= \r\n\t\\".indexOf(text.charAt(end)) >= 0)) {
      end++;
    }
    return end;
  }

  private void findWebTokens() {
    int at = text.indexOf("eyJ");
    while (at >= 0) {
      int header = endOfWord(at);
      int end = header;
      if (!isInWord(at - 1) && header - at >= 10 && text.startsWith(".eyJ", header)) {
        int payload = endOfWord(header + 1);
        int signature = is(payload, '.') ? endOfWord(payload + 1) : payload;
        end = signature;
        found.add(new Span(at, signature, "jwt"));
      }
      at = text.indexOf("eyJ", Math.max(end, at + 3));
    }
  }

  private void findAfter(String word, String name) {
    int at = text.indexOf(word);
    while (at >= 0) {
      int from = at + word.length();
      int end = endOfCredential(from);
      if (end - from >= BEARER_MIN && hasDigit(from, end)) {
        found.add(new Span(from, end, name));
      }
      at = text.indexOf(word, Math.max(end, from));
    }
  }

  private void findBasic() {
    int at = text.indexOf("uthorization: ");
    while (at >= 0) {
      int from = at + "uthorization: ".length();
      if (text.regionMatches(true, from, "basic ", 0, 6)) {
        from += 6;
        int end = endOfCredential(from);
        if (end - from >= 8) {
          found.add(new Span(from, end, "password"));
        }
      }
      at = text.indexOf("uthorization: ", from);
    }
  }

  private void findAddresses() {
    int at = text.indexOf("://");
    while (at >= 0) {
      int from = at + 3;
      int end = from;
      int sign = -1;
      while (end < text.length() && end - from < ADDRESS_MAX && isInAuthority(text.charAt(end))) {
        sign = text.charAt(end) == '@' ? end : sign;
        end++;
      }
      if (sign > from) {
        findUserInfo(from, sign);
      }
      at = text.indexOf("://", from);
    }
  }

  private void findUserInfo(int from, int sign) {
    int colon = text.indexOf(':', from);
    boolean password = colon >= 0 && colon < sign;
    int start = password ? colon + 1 : from;
    boolean reference = sign > start && "${<[*".indexOf(text.charAt(start)) >= 0;
    if (sign > start && !reference && (password || sign - start >= BEARER_MIN)) {
      found.add(new Span(start, sign, password ? "password" : "token"));
    }
  }

  private static boolean isInAuthority(char c) {
    return c > ' ' && "/\"'<>`\\|?#".indexOf(c) < 0;
  }

  private int endOfWord(int from) {
    int end = from;
    while (isInWord(end)) {
      end++;
    }
    return end;
  }

  private int endOfCredential(int from) {
    int end = from;
    while (isInWord(end) || (end < text.length() && "._~+/=".indexOf(text.charAt(end)) >= 0)) {
      end++;
    }
    return end;
  }

  private boolean hasDigit(int from, int end) {
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        return true;
      }
    }
    return false;
  }

  private boolean is(int at, char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private boolean isInWord(int at) {
    return at >= 0 && at < text.length() && isWord(text.charAt(at));
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  /**
   * Up to where {@code text}, which goes on, can be shown without cutting a secret in two.
   *
   * @param byLine whether a secret may hold blanks
   */
  static int safeEnd(String text, boolean byLine) {
    int end = byLine ? text.lastIndexOf('\n') + 1 : afterBlank(text);
    int before = -1;
    while (end != before) {
      before = end;
      String shown =
          text.substring(Math.max(0, end - 20), end).stripTrailing().toLowerCase(Locale.ROOT);
      if (shown.endsWith("bearer")
          || shown.endsWith("basic")
          || shown.endsWith("authorization:")
          || shown.endsWith("-api-key:")) {
        int blank = text.substring(0, end).stripTrailing().length();
        end = afterBlank(text.substring(0, blank));
      }
    }
    return closedEnd(text, end);
  }

  /** {@code end}, or where the private key begins that is not whole there. */
  static int closedEnd(String text, int end) {
    int open = text.lastIndexOf(PEM_BEGIN, end);
    return open >= 0 && open < end && isOpenPem(text.substring(0, end), open) ? open : end;
  }

  private static boolean isOpenPem(String text, int open) {
    int dashes = text.indexOf("-----", open + PEM_BEGIN.length());
    if (dashes < 0) {
      return text.length() - open <= PEM_HEAD_MAX;
    }
    int close = text.indexOf(PEM_END, dashes + 5);
    return text.substring(open, dashes).contains("PRIVATE KEY")
        && (close < 0 || text.indexOf("-----", close + PEM_END.length()) < 0);
  }

  private static int afterBlank(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) > ' ') {
      end--;
    }
    return end;
  }
}
