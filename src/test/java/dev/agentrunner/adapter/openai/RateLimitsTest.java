package dev.agentrunner.adapter.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.limit.Quota.Measure;
import dev.agentrunner.core.limit.QuotaReading;
import java.time.Instant;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

  @Test
  void every_bucket_that_tells_all_of_it_is_seen() {
    Instant now = Instant.parse("2026-11-21T10:00:00Z");
    Headers headers =
        Headers.of(
            "x-ratelimit-limit-requests", "500",
            "x-ratelimit-remaining-requests", "0",
            "x-ratelimit-reset-requests", "1m20s",
            "x-ratelimit-remaining-tokens", "199990",
            "x-ratelimit-reset-tokens", "3ms",
            "x-ratelimit-remaining-project-tokens", "5");

    assertThat(RateLimits.readings(headers, now))
        .containsExactlyInAnyOrder(
            new QuotaReading("requests", Measure.REQUESTS, 500, 0, now.plusSeconds(80)),
            new QuotaReading("tokens", Measure.TOKENS, 0, 199_990, now.plusMillis(3)));
  }
}
