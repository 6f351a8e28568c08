package dev.agentrunner.adapter.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the server says about a model ({@code /api/show}).
 *
 * @param contextTokensMax as the model was trained; empty if the server does not say
 * @param capabilities such as {@code tools} and {@code thinking}; empty if the server is too old to
 *     say
 */
record ModelCard(OptionalInt contextTokensMax, Optional<Set<String>> capabilities) {

  static final ModelCard UNKNOWN = new ModelCard(OptionalInt.empty(), Optional.empty());

  ModelCard {
    capabilities = capabilities.map(Set::copyOf);
  }

  static ModelCard read(JsonNode shown) {
    JsonNode info = shown.path("model_info");
    JsonNode context = info.path(info.path("general.architecture").asText("") + ".context_length");
    OptionalInt contextTokensMax =
        context.canConvertToInt() && context.asInt() > 0
            ? OptionalInt.of(context.asInt())
            : OptionalInt.empty();
    if (!shown.path("capabilities").isArray()) {
      return new ModelCard(contextTokensMax, Optional.empty());
    }
    Set<String> capabilities = new HashSet<>();
    shown.path("capabilities").forEach(capability -> capabilities.add(capability.asText("")));
    return new ModelCard(contextTokensMax, Optional.of(capabilities));
  }

  /** Whether the server has said that the model cannot do it. */
  boolean lacks(String capability) {
    return capabilities.isPresent() && !capabilities.get().contains(capability);
  }
}
