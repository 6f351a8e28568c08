package dev.agentrunner.adapter.http;

import static okhttp3.ConnectionSpec.CLEARTEXT;
import static okhttp3.ConnectionSpec.MODERN_TLS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.port.ChatModel.Watcher;
import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.ByteString;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The line to one provider: asks once, keeps the connection for the next question, and turns what
 * goes wrong on the way into a {@link ModelFailure}. Follows no redirects, as the key would go
 * along. Speaks HTTP/1.1 only: a cancelled call then closes its socket, which is how providers
 * notice that nobody listens any more, and an idle connection has no thread that could hold up the
 * exit. Safe for use by many threads.
 */
public final class ProviderHttp implements AutoCloseable {

  /** How often a watcher hears that nothing comes. */
  public static final Duration HEARTBEAT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(ProviderHttp.class);
  private static final MediaType JSON = MediaType.get("application/json");
  private static final long REPLY_BYTES_MAX = 64L << 20;

  private final Timeouts timeouts;
  private final Pulse pulse;
  private final Duration heartbeat;
  private final long replyBytesMax;
  private final Duration firstByte;
  private @Nullable OkHttpClient client;

  public ProviderHttp(Timeouts timeouts, Pulse pulse) {
    this(timeouts, pulse, HEARTBEAT, REPLY_BYTES_MAX);
  }

  /**
   * @param firstByte until a reply begins, if that is longer than the silence within one
   */
  public ProviderHttp(Timeouts timeouts, Pulse pulse, Duration firstByte) {
    this(timeouts, pulse, HEARTBEAT, REPLY_BYTES_MAX, firstByte);
  }

  /**
   * @param heartbeat how often a watcher hears that nothing comes
   * @param replyBytesMax a reply that is longer is none
   */
  public ProviderHttp(Timeouts timeouts, Pulse pulse, Duration heartbeat, long replyBytesMax) {
    this(timeouts, pulse, heartbeat, replyBytesMax, timeouts.silence());
  }

  private ProviderHttp(
      Timeouts timeouts, Pulse pulse, Duration heartbeat, long replyBytesMax, Duration firstByte) {
    this.timeouts = timeouts;
    this.pulse = pulse;
    this.heartbeat = heartbeat;
    this.replyBytesMax = replyBytesMax;
    this.firstByte = firstByte.compareTo(timeouts.silence()) > 0 ? firstByte : timeouts.silence();
  }

  /**
   * Sends {@code request} and has the answer read, on the calling thread.
   *
   * @param reader makes the reader of this one answer
   */
  public Answer ask(
      Request request, Function<Liveness, ReplyReader> reader, Watcher watcher, StopSignal stop) {
    if (stop.requested()) {
      return canceled(Usage.NONE);
    }
    Call call = client(request.url()).newCall(request);
    try (Liveness liveness = new Liveness(watcher, pulse, heartbeat);
        StopSignal.Registration _ = stop.onRequest(call::cancel)) {
      return ask(call, reader.apply(liveness), liveness, stop);
    }
  }

  private Answer ask(Call call, ReplyReader reader, Watcher watcher, StopSignal stop) {
    Duration patience = firstByte;
    long began = System.nanoTime();
    try (Response response = call.execute()) {
      LOG.debug("{}: status {} after {} ms", asked(call), response.code(), millisSince(began));
      reader.readings(response.headers()).forEach(watcher::quotaRead);
      if (!response.isSuccessful()) {
        Refusal refusal = Refusal.of(response);
        return stop.requested()
            ? canceled(Usage.NONE)
            : new Answer.Failed(reader.refused(refusal), Usage.NONE);
      }
      patience = timeouts.silence();
      response.body().source().timeout().timeout(patience.toNanos(), TimeUnit.NANOSECONDS);
      Source bounded = new BoundedSource(response.body().source(), replyBytesMax);
      Answer answer = reader.read(response.headers(), Okio.buffer(bounded));
      LOG.debug("{}: read to the end after {} ms", asked(call), millisSince(began));
      return answer;
    } catch (IOException e) {
      LOG.debug("{}: broken off after {} ms: {}", asked(call), millisSince(began), e.toString());
      Usage counted = ConnectionTrouble.beforeSending(e) ? Usage.NONE : reader.counted();
      return stop.requested()
          ? canceled(counted)
          : new Answer.Failed(
              new ConnectionTrouble(shown(call.request().url()), timeouts, reader.whenUnreachable())
                  .explain(e),
              counted);
    }
  }

  /**
   * A question in JSON whose answer is to come as events; what the provider wants besides, and the
   * key, are yet to be added.
   */
  public static Request.Builder post(HttpUrl url, JsonNode body) {
    return new Request.Builder()
        .url(url)
        .header("accept", "text/event-stream")
        // A compressed stream may be held back until a block of it is full.
        .header("accept-encoding", "identity")
        .header("user-agent", "agent-runner")
        .post(RequestBody.create(ByteString.encodeUtf8(JsonTree.write(body)), JSON));
  }

  /** How messages name the other end: its host, and its port if that is not the usual one. */
  public static String shown(HttpUrl url) {
    boolean usual = url.port() == HttpUrl.defaultPort(url.scheme());
    return usual ? url.host() : url.host() + ":" + url.port();
  }

  /** Without the query, where some have a key. */
  private static String asked(Call call) {
    Request request = call.request();
    return "%s %s%s".formatted(request.method(), shown(request.url()), request.url().encodedPath());
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  private static Answer canceled(Usage usage) {
    return new Answer.Failed(new ModelFailure.Canceled("The call was given up on request."), usage);
  }

  // Made late: for https it reads the trusted certificates, which a run that never asks, or asks a
  // server on this machine, can do without.
  private synchronized OkHttpClient client(HttpUrl url) {
    if (client == null || (url.isHttps() && !client.connectionSpecs().contains(MODERN_TLS))) {
      client =
          new OkHttpClient.Builder()
              .connectTimeout(timeouts.connect())
              .readTimeout(firstByte)
              .writeTimeout(timeouts.silence())
              .callTimeout(timeouts.total())
              .followRedirects(false)
              .followSslRedirects(false)
              .retryOnConnectionFailure(false)
              .socketFactory(new PromptSockets())
              .connectionSpecs(url.isHttps() ? List.of(MODERN_TLS, CLEARTEXT) : List.of(CLEARTEXT))
              .protocols(List.of(Protocol.HTTP_1_1))
              .connectionPool(new ConnectionPool(2, 5, TimeUnit.MINUTES))
              .addNetworkInterceptor(ProviderHttp::withoutResending)
              .build();
    }
    return client;
  }

  /**
   * OkHttp asks again by itself on 503 with {@code Retry-After: 0}, which is for the engine to
   * decide. It does not know seconds with a fraction.
   */
  private static Response withoutResending(Interceptor.Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    return response.code() == 503 && "0".equals(response.header("Retry-After"))
        ? response.newBuilder().header("Retry-After", "0.0").build()
        : response;
  }

  /** Closes idle connections. The line can still be used afterwards. */
  @Override
  public synchronized void close() {
    if (client != null) {
      client.connectionPool().evictAll();
    }
  }

  private static final class BoundedSource extends ForwardingSource {
    private final long bytesMax;
    private long bytes;

    BoundedSource(Source source, long bytesMax) {
      super(source);
      this.bytesMax = bytesMax;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
      long read = super.read(sink, byteCount);
      bytes += Math.max(read, 0);
      if (bytes > bytesMax) {
        throw new OversizeException("more than " + bytesMax + " bytes");
      }
      return read;
    }
  }
}
