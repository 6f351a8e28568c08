package dev.agentrunner.adapter.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.adapter.http.ApiKey;
import dev.agentrunner.adapter.http.Excerpt;
import dev.agentrunner.adapter.http.HttpModel;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.LineReader;
import dev.agentrunner.adapter.http.Liveness;
import dev.agentrunner.adapter.http.ProviderFailures;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.adapter.http.ReplyReader;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import okhttp3.Headers;
import okhttp3.Request;
import okio.BufferedSource;
import okio.ByteString;

/** A model that Ollama serves, on this machine, on another one, or in its cloud. */
public final class OllamaModel implements HttpModel, AutoCloseable {

  /** A model may have to be read from disk before it says anything. */
  public static final Duration FIRST_BYTE = Duration.ofMinutes(10);

  static final String USUAL_KEY = "OLLAMA_API_KEY";

  /** No tokenizer packs so many bytes of a prompt into a token on average. */
  private static final int BYTES_PER_TOKEN_MAX = 8;

  /** What they come to, more or less, for code and English. */
  private static final int BYTES_PER_TOKEN = 4;

  private final OllamaSettings settings;
  private final ChatWriter writer;
  private final ApiKey key;
  private final boolean keyWanted;
  private final ProviderHttp http;
  private final ModelCards cards;
  private final Duration longestWait;
  private final InstantSource clock;
  private final Aids aids;

  /** Models of which it was said that a prompt may not fit. */
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  /**
   * Who helps where this wire cannot.
   *
   * @param notices takes whole sentences for people
   * @param tools lends tools to a model that has none
   */
  public record Aids(Consumer<String> notices, UnaryOperator<ChatModel> tools) {}

  /**
   * @param environment looks up a variable; empty if it is not set
   * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
   * @throws dev.agentrunner.port.UsageException if the settings ask for what Ollama cannot do
   */
  public OllamaModel(
      ProviderSettings settings,
      Function<String, Optional<String>> environment,
      ProviderHttp http,
      Duration longestWait,
      InstantSource clock,
      Aids aids) {
    this(settings, environment, http, longestWait, clock, aids, Optional.empty());
  }

  /**
   * @param cards known from elsewhere; empty to ask the server
   */
  OllamaModel(
      ProviderSettings settings,
      Function<String, Optional<String>> environment,
      ProviderHttp http,
      Duration longestWait,
      InstantSource clock,
      Aids aids,
      Optional<ModelCards> cards) {
    this.settings = OllamaSettings.from(settings, environment);
    this.writer = new ChatWriter(this.settings);
    this.key = ApiKey.from(settings.key(), USUAL_KEY, environment);
    this.keyWanted =
        this.settings.cloud()
            || settings.key().filter(k -> !k.equals(new KeySource.Variable(USUAL_KEY))).isPresent();
    this.http = http;
    this.longestWait = longestWait;
    this.clock = clock;
    this.aids = aids;
    this.cards = cards.orElseGet(() -> new ServerModelCards(this::post, this::failures, http));
  }

  /**
   * Why no call can succeed, as far as one can tell without making one; empty if nothing is known
   * against it.
   */
  @Override
  public Optional<String> missing() {
    return settings.cloud() && key.read() instanceof ApiKey.Absent(String why)
        ? Optional.of(why)
        : Optional.empty();
  }

  @Override
  public Answer ask(ChatRequest request, Watcher watcher, StopSignal stop) {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      return failed(
          new ModelFailure.Denied("Ollama cannot be asked: " + missing.orElseThrow() + "."));
    }
    Answer answer =
        switch (cards.of(request.model(), watcher, stop)) {
          case ModelCards.Finding.Failed(var failure) -> failed(failure);
          case ModelCards.Finding.Found(var card) when card.lacks("tools") ->
              aids.tools().apply((r, w, s) -> ask(r, card, w, s)).ask(request, watcher, stop);
          case ModelCards.Finding.Found(var card) -> ask(request, card, watcher, stop);
        };
    return key.read() instanceof ApiKey.Present present ? present.hiddenIn(answer) : answer;
  }

  private static Answer failed(ModelFailure failure) {
    return new Answer.Failed(failure, Usage.NONE);
  }

  private Answer ask(ChatRequest request, ModelCard card, Watcher watcher, StopSignal stop) {
    JsonNode body = writer.body(request, card);
    int contextTokens = writer.contextTokens(card);
    long bytes = ByteString.encodeUtf8(JsonTree.write(body)).size();
    long tokensMin = bytes / BYTES_PER_TOKEN_MAX;
    if (tokensMin > contextTokens) {
      return failed(failures(request.model()).ofOverlongPrompt(tokensMin, contextTokens));
    }
    if (bytes / BYTES_PER_TOKEN > contextTokens && warned.add(request.model())) {
      aids.notices()
          .accept(
              "A prompt for %s has about %d tokens, and there is room for %d: it may be refused, or lose its beginning on an old server. Raise num_ctx, ask a model with more room, or make the task smaller."
                  .formatted(request.model(), bytes / BYTES_PER_TOKEN, contextTokens));
    }
    return http.ask(
        post("chat", body),
        liveness -> new ChatReader(request, contextTokens, liveness),
        watcher,
        stop);
  }

  private Request post(String endpoint, JsonNode body) {
    Request.Builder post =
        ProviderHttp.post(settings.endpoint(endpoint), body)
            .header("accept", "application/x-ndjson, application/json");
    if (keyWanted && key.read() instanceof ApiKey.Present present) {
      post.header("Authorization", "Bearer " + present.secret());
    }
    return post.build();
  }

  private OllamaFailures failures(String model) {
    return new OllamaFailures(
        new ProviderFailures(
            ProviderHttp.shown(settings.base()),
            key.origin(),
            model,
            longestWait,
            clock.instant()));
  }

  @Override
  public void close() {
    http.close();
  }

  /** Reads the answer to one question, a line at a time. */
  private final class ChatReader implements ReplyReader {
    private final String model;
    private final ChatReply reply;

    ChatReader(ChatRequest request, int contextTokens, Liveness liveness) {
      this.model = request.model();
      this.reply = new ChatReply(request, contextTokens, liveness);
    }

    @Override
    public Answer read(Headers headers, BufferedSource body) throws IOException {
      String beginning = Excerpt.ahead(body);
      LineReader lines = new LineReader(body);
      // From the first line on that is no JSON by itself: one object over several lines, from a
      // server that does not stream, or nonsense.
      StringBuilder rest = new StringBuilder();
      boolean any = false;
      for (Optional<String> next = lines.next(); next.isPresent(); next = lines.next()) {
        Optional<JsonNode> tree = rest.isEmpty() ? tree(next.get()) : Optional.empty();
        if (tree.isEmpty()) {
          rest.append(next.get()).append('\n');
          continue;
        }
        Optional<Answer> answer = take(tree.get(), headers);
        if (answer.isPresent()) {
          return answer.get();
        }
        any |= tree.get().has("message");
      }
      Optional<Answer> answer = tree(rest.toString()).flatMap(tree -> take(tree, headers));
      ProviderFailures failures = failures(model).common();
      boolean begun = any;
      return answer.orElseGet(() ->
          broken(begun ? failures.cut() : failures.garbage("Ollama API", headers, beginning)));
    }

    /** The answer, should it be complete with this line. */
    private Optional<Answer> take(JsonNode line, Headers headers) {
      if (line.hasNonNull("error")) {
        return Optional.of(broken(failures(model).ofLine(line, headers)));
      }
      // Anything else, such as the answer to another question, is no part of a reply.
      return line.has("message") && reply.take(line)
          ? Optional.of(new Answer.Replied(reply.whole()))
          : Optional.empty();
    }

    /** Empty for what is no JSON by itself; the missing node for a blank line. */
    private static Optional<JsonNode> tree(String line) {
      try {
        return Optional.of(JsonTree.read(line));
      } catch (JsonProcessingException _) {
        return Optional.empty();
      }
    }

    private Answer broken(ModelFailure failure) {
      return new Answer.Failed(failure, reply.counted());
    }

    @Override
    public ModelFailure refused(Refusal refusal) {
      return failures(model).ofStatus(refusal);
    }

    @Override
    public Usage counted() {
      return reply.counted();
    }

    @Override
    public String whenUnreachable() {
      return failures(model).whenUnreachable();
    }
  }
}
