package dev.agentrunner.adapter.http;

import java.time.Instant;
import java.util.Locale;
import okhttp3.Headers;

/**
 * What a provider says is wrong, in its own words. Any text may be empty.
 *
 * @param status as it was, or as it would have been for an error within a reply
 * @param type the provider's word for errors of this kind
 * @param code its word for this very error
 * @param request its name for the request, for people who ask its support
 */
public record Complaint(
    int status, String type, String code, String message, String request, Headers headers) {

  private static final int QUOTED_MAX = 500;
  private static final int WORD_MAX = 80;

  /**
   * @param words in lower case
   */
  public boolean speaksOf(String words) {
    return message.toLowerCase(Locale.ROOT).contains(words);
  }

  public RetryHints hints(Instant now) {
    return RetryHints.of(headers, now);
  }

  /** For people. */
  String told(String host, String what, String cure) {
    StringBuilder told = new StringBuilder(host).append(' ').append(what).append(" (");
    told.append(status);
    String word = code.isEmpty() ? type : code;
    if (!word.isEmpty()) {
      told.append(' ').append(Excerpt.of(word, WORD_MAX));
    }
    if (!message.isBlank()) {
      told.append(": ").append(Excerpt.of(message, QUOTED_MAX));
    }
    if (!request.isEmpty()) {
      told.append("; request ").append(Excerpt.of(request, WORD_MAX));
    }
    told.append(").");
    return cure.isEmpty() ? told.toString() : told.append(' ').append(cure).toString();
  }
}
