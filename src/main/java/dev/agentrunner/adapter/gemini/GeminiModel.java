package dev.agentrunner.adapter.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.adapter.http.ApiKey;
import dev.agentrunner.adapter.http.HttpModel;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Liveness;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.adapter.http.ReplyReader;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSource;
import okio.ByteString;

/** Gemini, by the Gemini API's streamGenerateContent and whatever else speaks it. */
public final class GeminiModel implements HttpModel, AutoCloseable {

  /** The older name of the usual variable, which many have set still. */
  public static final String OLDER_KEY = "GOOGLE_API_KEY";

  static final String USUAL_KEY = "GEMINI_API_KEY";

  private static final MediaType JSON = MediaType.get("application/json");
  private static final int SHOWN_MAX = 200;

  private final GeminiSettings settings;
  private final ContentsWriter writer;
  private final ApiKey key;
  private final ProviderHttp http;
  private final Duration longestWait;
  private final InstantSource clock;

  /**
   * @param environment looks up a variable; empty if it is not set
   * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
   * @throws dev.agentrunner.port.UsageException if the settings ask for what Gemini cannot do
   */
  public GeminiModel(
      ProviderSettings settings,
      Function<String, Optional<String>> environment,
      ProviderHttp http,
      Duration longestWait,
      InstantSource clock) {
    this.settings = GeminiSettings.from(settings);
    this.writer = new ContentsWriter(this.settings);
    this.key = key(settings.key(), environment);
    this.http = http;
    this.longestWait = longestWait;
    this.clock = clock;
  }

  static ApiKey key(
      Optional<KeySource> configured, Function<String, Optional<String>> environment) {
    KeySource usual = new KeySource.Variable(USUAL_KEY);
    boolean older =
        configured.orElse(usual).equals(usual)
            && environment.apply(USUAL_KEY).filter(key -> !key.isBlank()).isEmpty()
            && environment.apply(OLDER_KEY).filter(key -> !key.isBlank()).isPresent();
    return older
        ? ApiKey.from(Optional.empty(), OLDER_KEY, environment)
        : ApiKey.from(configured, USUAL_KEY, environment);
  }

  /**
   * Why no call can succeed, as far as one can tell without making one; empty if nothing is known
   * against it.
   */
  @Override
  public Optional<String> missing() {
    return key.read() instanceof ApiKey.Absent(String why) && settings.official()
        ? Optional.of(why)
        : Optional.empty();
  }

  @Override
  public Answer ask(ChatRequest request, Watcher watcher, StopSignal stop) {
    return switch (key.read()) {
      case ApiKey.Present present -> {
        String secret = present.secret();
        Request asked =
            switch (settings.auth()) {
              case KEY -> post(request).header("x-goog-api-key", secret).build();
              case BEARER -> post(request).header("Authorization", "Bearer " + secret).build();
            };
        yield present.hiddenIn(ask(asked, request, watcher, stop));
      }
      case ApiKey.Absent(String why) ->
          settings.official()
              ? new Answer.Failed(
                  new ModelFailure.Denied("Gemini cannot be asked: " + why + "."), Usage.NONE)
              : ask(post(request).build(), request, watcher, stop);
    };
  }

  private Answer ask(Request asked, ChatRequest request, Watcher watcher, StopSignal stop) {
    return http.ask(asked, liveness -> new ChunksReader(request, liveness), watcher, stop);
  }

  private Request.Builder post(ChatRequest request) {
    ByteString body = ByteString.encodeUtf8(JsonTree.write(writer.body(request)));
    return new Request.Builder()
        .url(settings.endpoint(request.model()))
        .header("accept", "text/event-stream")
        // A compressed stream may be held back until a block of it is full.
        .header("accept-encoding", "identity")
        .header("user-agent", "agent-runner")
        .post(RequestBody.create(body, JSON));
  }

  @Override
  public void close() {
    http.close();
  }

  /** Reads the answer to one question. */
  private final class ChunksReader implements ReplyReader {
    private final String model;
    private final CandidateReply reply;

    ChunksReader(ChatRequest request, Liveness liveness) {
      this.model = request.model();
      this.reply = new CandidateReply(request, liveness);
    }

    @Override
    public Answer read(Headers headers, BufferedSource body) throws IOException {
      String beginning = beginning(body);
      ChunkReader chunks = new ChunkReader(body);
      boolean any = false;
      while (true) {
        switch (next(chunks).orElse(null)) {
          case null -> {
            return any ? ended() : broken(failures().ofGarbage(headers, beginning));
          }
          case ChunkReader.Chunk.Unreadable _ -> {
            return broken(any ? failures().ofCut() : failures().ofGarbage(headers, beginning));
          }
          case ChunkReader.Chunk.Json(JsonNode tree) -> {
            Optional<GeminiError> error = GeminiError.in(tree);
            if (error.isPresent()) {
              return broken(failures().ofError(error.get(), headers));
            }
            any |= reply.take(tree);
          }
        }
      }
    }

    private Optional<ChunkReader.Chunk> next(ChunkReader chunks) throws IOException {
      try {
        return chunks.next();
      } catch (IOException e) {
        // Whatever happens to the line behind its end, a reply is whole. As older models tell an
        // end with each chunk, it cannot be left before.
        if (reply.ended()) {
          return Optional.empty();
        }
        throw e;
      }
    }

    private Answer ended() {
      if (!reply.ended()) {
        return broken(failures().ofCut());
      }
      return reply.garbled()
          ? broken(failures().ofGarbledCall(reply.reason()))
          : new Answer.Replied(reply.whole());
    }

    /** What has come first, without taking it; more may follow. */
    private static String beginning(BufferedSource body) throws IOException {
      if (!body.request(1)) {
        return "";
      }
      BufferedSource ahead = body.peek();
      return ahead.readUtf8(Math.min(body.getBuffer().size(), SHOWN_MAX));
    }

    private Answer broken(ModelFailure failure) {
      return new Answer.Failed(failure, reply.counted());
    }

    @Override
    public ModelFailure refused(Refusal refusal) {
      return failures().ofStatus(refusal);
    }

    @Override
    public Usage counted() {
      return reply.counted();
    }

    private GeminiFailures failures() {
      return new GeminiFailures(
          ProviderHttp.shown(settings.base()), key.origin(), model, longestWait, clock.instant());
    }
  }
}
