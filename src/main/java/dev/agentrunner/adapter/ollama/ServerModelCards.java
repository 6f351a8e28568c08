package dev.agentrunner.adapter.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.adapter.http.ReplyReader;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.port.ChatModel.Watcher;
import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import okhttp3.Headers;
import okhttp3.Request;
import okio.BufferedSource;

/**
 * Asks the server once for each model. A server that has nothing to say about models, such as a
 * gateway that only passes chats on, is no hindrance: the model then counts as able to do all.
 */
final class ServerModelCards implements ModelCards {

  private final BiFunction<String, JsonNode, Request> posts;
  private final Function<String, OllamaFailures> failures;
  private final ProviderHttp http;
  private final Map<String, ModelCard> known = new ConcurrentHashMap<>();

  /**
   * @param posts makes the request to an endpoint, given its name and the body
   * @param failures of a model
   */
  ServerModelCards(
      BiFunction<String, JsonNode, Request> posts,
      Function<String, OllamaFailures> failures,
      ProviderHttp http) {
    this.posts = posts;
    this.failures = failures;
    this.http = http;
  }

  @Override
  public Finding of(String model, Watcher watcher, StopSignal stop) {
    ModelCard before = known.get(model);
    if (before != null) {
      return new Finding.Found(before);
    }
    JsonNode body = JsonNodeFactory.instance.objectNode().put("model", model);
    CardReader reader = new CardReader(failures.apply(model));
    Answer answer = http.ask(posts.apply("show", body), _ -> reader, watcher, stop);
    if (answer instanceof Answer.Failed(var failure, _, _) && reader.card.isEmpty()) {
      return new Finding.Failed(failure);
    }
    ModelCard card = reader.card.orElse(ModelCard.UNKNOWN);
    known.put(model, card);
    return new Finding.Found(card);
  }

  private static final class CardReader implements ReplyReader {
    private final OllamaFailures failures;
    private Optional<ModelCard> card = Optional.empty();

    CardReader(OllamaFailures failures) {
      this.failures = failures;
    }

    @Override
    public Answer read(Headers headers, BufferedSource body) throws IOException {
      card = Optional.of(read(body.readUtf8()));
      // Only the card counts; there is no reply in this.
      return new Answer.Replied(
          new Reply("", List.of(), Stop.END, "", Usage.NONE, Optional.empty()));
    }

    private static ModelCard read(String body) {
      try {
        return ModelCard.read(JsonTree.read(body));
      } catch (JsonProcessingException _) {
        return ModelCard.UNKNOWN;
      }
    }

    @Override
    public ModelFailure refused(Refusal refusal) {
      boolean unable = refusal.status() == 401 || failures.misses(refusal);
      if (!unable) {
        card = Optional.of(ModelCard.UNKNOWN);
      }
      return failures.ofStatus(refusal);
    }

    @Override
    public Usage counted() {
      return Usage.NONE;
    }

    @Override
    public String whenUnreachable() {
      return failures.whenUnreachable();
    }
  }
}
