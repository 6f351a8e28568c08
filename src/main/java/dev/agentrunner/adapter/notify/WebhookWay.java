package dev.agentrunner.adapter.notify;

import dev.agentrunner.core.report.Notice;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.core.task.Telling.Webhook;
import dev.agentrunner.json.NoticeJson;
import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Posts notices to an address, signed as <a href="https://www.standardwebhooks.com">Standard
 * Webhooks</a> does (read 2026-11-21):
 *
 * <pre>
 * webhook-id: 20261121-101500-7f3a-42          the same at every try
 * webhook-timestamp: 1795256130                seconds, when it was sent
 * webhook-signature: v1,&lt;base64 of HMAC-SHA256 over "id.timestamp.body">
 * </pre>
 *
 * A secret that begins with {@code whsec_} is base64 behind that; any other is taken as it stands.
 * Follows no redirects. What fails in passing is tried twice more, all within the time there is.
 */
final class WebhookWay implements Way {

  static final List<Duration> WAITS = List.of(Duration.ofMillis(500), Duration.ofMillis(1500));

  private static final MediaType JSON = MediaType.get("application/json");
  private static final String BASE64_SECRET = "whsec_";

  private final Webhook webhook;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final Duration patience;
  private final List<Duration> waits;

  WebhookWay(
      Webhook webhook, Map<String, String> environment, InstantSource clock, Duration patience) {
    this(webhook, environment, clock, patience, WAITS);
  }

  /**
   * @param waits before each further try
   */
  WebhookWay(
      Webhook webhook,
      Map<String, String> environment,
      InstantSource clock,
      Duration patience,
      List<Duration> waits) {
    this.webhook = webhook;
    this.environment = environment;
    this.clock = clock;
    this.patience = patience;
    this.waits = waits;
  }

  @Override
  public Optional<String> tell(Notice notice, StopSignal stop) {
    Optional<HttpUrl> address = address().flatMap(text -> Optional.ofNullable(HttpUrl.parse(text)));
    if (address.isEmpty()) {
      return Optional.of("the webhook has no address: its variable is not set, or holds none");
    }
    Optional<String> secret =
        webhook.secretVariable().map(name -> environment.getOrDefault(name, "").strip());
    if (secret.filter(String::isEmpty).isPresent()) {
      return Optional.of(
          "%s was not told, as it would not have been signed: %s is not set"
              .formatted(address.get().host(), webhook.secretVariable().orElse("")));
    }
    long deadline = System.nanoTime() + patience.toNanos();
    String trouble = "";
    for (int tried = 0; tried <= waits.size(); tried++) {
      long left = deadline - System.nanoTime();
      if (left <= 0 || stop.requested()) {
        break;
      }
      switch (post(address.get(), secret, notice, Duration.ofNanos(left), stop)) {
        case Outcome.Told _ -> {
          return Optional.empty();
        }
        case Outcome.Refused(String why) -> {
          return Optional.of(why);
        }
        case Outcome.Lost(String why) -> trouble = why;
      }
      if (tried < waits.size()) {
        pause(waits.get(tried), stop);
      }
    }
    return Optional.of(trouble.isEmpty() ? address.get().host() + " was not told" : trouble);
  }

  private Optional<String> address() {
    return switch (webhook.address()) {
      case KeySource.Plain(String address) -> Optional.of(address);
      case KeySource.Variable(String name) ->
          Optional.ofNullable(environment.get(name)).map(String::strip);
    };
  }

  /** What came of one try. */
  private sealed interface Outcome {

    record Told() implements Outcome {}

    /** Another try would come to the same. */
    record Refused(String why) implements Outcome {}

    record Lost(String why) implements Outcome {}
  }

  private Outcome post(
      HttpUrl address, Optional<String> secret, Notice notice, Duration left, StopSignal stop) {
    byte[] body = NoticeJson.write(notice);
    String timestamp = String.valueOf(clock.instant().getEpochSecond());
    Request.Builder request =
        new Request.Builder()
            .url(address)
            .header("user-agent", "agent-runner")
            .header("webhook-id", notice.id())
            .header("webhook-timestamp", timestamp)
            .post(RequestBody.create(body, JSON));
    secret.ifPresent(
        key -> request.header("webhook-signature", signature(key, notice.id(), timestamp, body)));
    OkHttpClient client = client(left);
    Call call = client.newCall(request.build());
    try (StopSignal.Registration _ = stop.onRequest(call::cancel);
        Response response = call.execute()) {
      return outcome(address, response.code());
    } catch (IOException e) {
      return new Outcome.Lost(
          "%s was not told: %s".formatted(address.host(), e.getClass().getSimpleName()));
    } finally {
      client.connectionPool().evictAll();
    }
  }

  private static Outcome outcome(HttpUrl address, int code) {
    if (code >= 200 && code < 300) {
      return new Outcome.Told();
    }
    String why = "%s answered %d".formatted(address.host(), code);
    return code >= 500 || code == 408 || code == 429
        ? new Outcome.Lost(why)
        : new Outcome.Refused(why);
  }

  /** Made for each try: most runs have none, and few have many. */
  private static OkHttpClient client(Duration left) {
    return new OkHttpClient.Builder()
        .callTimeout(left)
        .connectTimeout(left)
        .readTimeout(left)
        .writeTimeout(left)
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .protocols(List.of(Protocol.HTTP_1_1))
        .build();
  }

  static String signature(String secret, String id, String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key(secret), "HmacSHA256"));
      mac.update("%s.%s.".formatted(id, timestamp).getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }

  private static byte[] key(String secret) {
    byte[] plain = secret.getBytes(StandardCharsets.UTF_8);
    if (!secret.startsWith(BASE64_SECRET)) {
      return plain;
    }
    try {
      return Base64.getDecoder()
          .decode(Arrays.copyOfRange(plain, BASE64_SECRET.length(), plain.length));
    } catch (IllegalArgumentException notBase64) {
      return plain;
    }
  }

  private static void pause(Duration wait, StopSignal stop) {
    Object bell = new Object();
    try (StopSignal.Registration _ = stop.onRequest(() -> ring(bell))) {
      long until = System.nanoTime() + wait.toNanos();
      synchronized (bell) {
        long left = until - System.nanoTime();
        while (left > 0 && !stop.requested()) {
          bell.wait(left / 1_000_000, (int) (left % 1_000_000));
          left = until - System.nanoTime();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void ring(Object bell) {
    synchronized (bell) {
      bell.notifyAll();
    }
  }
}
