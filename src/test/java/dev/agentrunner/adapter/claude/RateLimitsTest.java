package dev.agentrunner.adapter.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.limit.Quota.Measure;
import dev.agentrunner.core.limit.QuotaReading;
import java.time.Instant;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

  @Test
  void every_bucket_that_tells_all_of_it_is_seen() {
    Headers headers =
        Headers.of(
            "anthropic-ratelimit-input-tokens-limit", "80000",
            "anthropic-ratelimit-input-tokens-remaining", "1200",
            "anthropic-ratelimit-input-tokens-reset", "2026-11-21T10:00:20Z",
            "anthropic-ratelimit-requests-remaining", "49",
            "anthropic-ratelimit-requests-reset", "2026-11-21T10:00:02Z",
            "anthropic-ratelimit-tokens-remaining", "all of them",
            "anthropic-ratelimit-unified-status", "allowed",
            "request-id", "req_1");

    assertThat(RateLimits.readings(headers))
        .containsExactlyInAnyOrder(
            new QuotaReading(
                "input-tokens",
                Measure.TOKENS,
                80_000,
                1_200,
                Instant.parse("2026-11-21T10:00:20Z")),
            new QuotaReading(
                "requests", Measure.REQUESTS, 0, 49, Instant.parse("2026-11-21T10:00:02Z")));
  }
}
