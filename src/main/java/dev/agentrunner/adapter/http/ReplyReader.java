package dev.agentrunner.adapter.http;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.QuotaReading;
import java.io.IOException;
import java.util.List;
import okhttp3.Headers;
import okio.BufferedSource;

/** What one provider's wire makes of the answer to one call. Made anew for each call. */
public interface ReplyReader {

  /**
   * Reads a reply with a status of 2xx, as it comes.
   *
   * @throws IOException as {@code body} throws it; the caller knows what it means
   */
  Answer read(Headers headers, BufferedSource body) throws IOException;

  /** What headers say of quotas, whatever the status. */
  default List<QuotaReading> readings(Headers headers) {
    return List.of();
  }

  /** What any other status means. */
  ModelFailure refused(Refusal refusal);

  /** What has been counted so far, for a reply that is cut off. */
  Usage counted();

  /** What people can do when nobody listens at the other end. */
  default String whenUnreachable() {
    return "Check the network and base_url.";
  }
}
