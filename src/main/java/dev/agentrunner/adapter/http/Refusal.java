package dev.agentrunner.adapter.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import okhttp3.Headers;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;

/**
 * An answer with a status other than 2xx.
 *
 * @param body its beginning, at most 64 KiB, whatever it is; empty if it could not be read
 */
public record Refusal(int status, Headers headers, String body) {

  private static final int BODY_BYTES_MAX = 64 << 10;

  static Refusal of(Response response) {
    Buffer kept = new Buffer();
    BufferedSource source = response.body().source();
    try {
      while (kept.size() < BODY_BYTES_MAX
          && source.read(kept, BODY_BYTES_MAX - kept.size()) >= 0) {}
    } catch (IOException _) {
      // The status says enough; what came of the body is shown.
    }
    return new Refusal(
        response.code(), response.headers(), kept.readString(StandardCharsets.UTF_8));
  }
}
