package dev.agentrunner.adapter.claude;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.adapter.http.ApiKey;
import dev.agentrunner.adapter.http.EventReader;
import dev.agentrunner.adapter.http.Excerpt;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Liveness;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.adapter.http.ReplyReader;
import dev.agentrunner.adapter.http.ServerSentEvent;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSource;
import okio.ByteString;

/** Claude, by the Anthropic Messages API and whatever else speaks it. */
public final class ClaudeModel implements ChatModel, AutoCloseable {

  private static final String USUAL_KEY = "ANTHROPIC_API_KEY";
  private static final MediaType JSON = MediaType.get("application/json");
  private static final String API_VERSION = "2023-06-01";
  private static final int SHOWN_MAX = 200;

  private final ClaudeSettings settings;
  private final MessagesWriter writer;
  private final ApiKey key;
  private final ProviderHttp http;
  private final Duration longestWait;
  private final InstantSource clock;

  /**
   * @param environment looks up a variable; empty if it is not set
   * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
   * @throws dev.agentrunner.port.UsageException if the settings ask for what Claude cannot do
   */
  public ClaudeModel(
      ProviderSettings settings,
      Function<String, Optional<String>> environment,
      ProviderHttp http,
      Duration longestWait,
      InstantSource clock) {
    this.settings = ClaudeSettings.from(settings);
    this.writer = new MessagesWriter(this.settings);
    this.key = ApiKey.from(settings.key(), USUAL_KEY, environment);
    this.http = http;
    this.longestWait = longestWait;
    this.clock = clock;
  }

  /**
   * Why asking would be in vain, as far as it shows without asking; empty if nothing is missing.
   */
  public Optional<String> missing() {
    return switch (key.read()) {
      case ApiKey.Present _ -> Optional.empty();
      case ApiKey.Absent(String why) -> settings.official() ? Optional.of(why) : Optional.empty();
    };
  }

  @Override
  public Answer ask(ChatRequest request, Watcher watcher, StopSignal stop) {
    if (settings.thinking() instanceof ClaudeSettings.Thinking.Budget(int tokens)
        && tokens >= request.outputTokensMax()) {
      return failed(
          new ModelFailure.Unusable(
              "A thinking budget of %d tokens leaves no room in a reply of %d: lower thinking, or raise the output limit."
                  .formatted(tokens, request.outputTokensMax())));
    }
    return switch (key.read()) {
      case ApiKey.Present present -> {
        String secret = present.secret();
        Request asked =
            switch (settings.auth()) {
              case KEY -> post(request).header("x-api-key", secret).build();
              case BEARER -> post(request).header("Authorization", "Bearer " + secret).build();
            };
        yield present.hiddenIn(ask(asked, request, watcher, stop));
      }
      case ApiKey.Absent(String why) ->
          settings.official()
              ? failed(new ModelFailure.Denied("Claude cannot be asked: " + why + "."))
              : ask(post(request).build(), request, watcher, stop);
    };
  }

  private static Answer failed(ModelFailure failure) {
    return new Answer.Failed(failure, Usage.NONE);
  }

  private Answer ask(Request asked, ChatRequest request, Watcher watcher, StopSignal stop) {
    return http.ask(
        asked, liveness -> new MessagesReader(request.model(), liveness), watcher, stop);
  }

  private Request.Builder post(ChatRequest request) {
    ByteString body = ByteString.encodeUtf8(JsonTree.write(writer.body(request)));
    return new Request.Builder()
        .url(settings.endpoint())
        .header("anthropic-version", API_VERSION)
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
  private final class MessagesReader implements ReplyReader {
    private final String model;
    private final MessagesReply reply;

    MessagesReader(String model, Liveness liveness) {
      this.model = model;
      this.reply = new MessagesReply(model, liveness);
    }

    @Override
    public Answer read(Headers headers, BufferedSource body) throws IOException {
      String type = headers.get("content-type");
      if (type != null && type.toLowerCase(Locale.ROOT).contains("json")) {
        return readWhole(headers, body.readUtf8());
      }
      String beginning = beginning(body);
      EventReader events = new EventReader(body);
      boolean any = false;
      for (Optional<ServerSentEvent> next = events.next(); next.isPresent(); next = events.next()) {
        ServerSentEvent event = next.get();
        if (event.data().isBlank() || event.data().equals("[DONE]")) {
          continue;
        }
        JsonNode data;
        try {
          data = JsonTree.read(event.data());
        } catch (JsonProcessingException _) {
          return broken(any ? unreadable(event.data()) : failures().ofGarbage(headers, beginning));
        }
        any = true;
        String kind = data.path("type").asText(event.name());
        if (kind.equals("error")) {
          return broken(failures().ofEvent(data, headers));
        }
        if (reply.take(kind, data)) {
          return new Answer.Replied(reply.whole());
        }
      }
      return broken(any ? failures().ofCut() : failures().ofGarbage(headers, beginning));
    }

    private Answer readWhole(Headers headers, String body) {
      try {
        JsonNode message = JsonTree.read(body);
        if (message.path("content").isArray()) {
          reply.takeWhole(message);
          return new Answer.Replied(reply.whole());
        }
        if (message.has("error")) {
          return broken(failures().ofEvent(message, headers));
        }
      } catch (JsonProcessingException _) {
        // Cut, or not JSON after all.
      }
      return broken(failures().ofGarbage(headers, body));
    }

    /** What has come first, without taking it; more may follow. */
    private static String beginning(BufferedSource body) throws IOException {
      if (!body.request(1)) {
        return "";
      }
      BufferedSource ahead = body.peek();
      return ahead.readUtf8(Math.min(body.getBuffer().size(), SHOWN_MAX));
    }

    private ModelFailure unreadable(String data) {
      return new ModelFailure.Transient(
          "%s sent an event that is no JSON: %s"
              .formatted(ProviderHttp.shown(settings.endpoint()), Excerpt.of(data, SHOWN_MAX)),
          Optional.empty());
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

    private ClaudeFailures failures() {
      return new ClaudeFailures(
          ProviderHttp.shown(settings.endpoint()),
          key.origin(),
          model,
          longestWait,
          clock.instant());
    }
  }
}
