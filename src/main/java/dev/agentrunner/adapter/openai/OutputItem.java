package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** One item of a reply of the Responses API, in the provider's own form. */
record OutputItem(ObjectNode raw) {

  boolean isCall() {
    return type().equals("function_call");
  }

  boolean isMessage() {
    return type().equals("message");
  }

  boolean isReasoning() {
    return type().equals("reasoning");
  }

  private String type() {
    return raw.path("type").asText("");
  }

  /** What is said in it, in order. */
  List<String> texts() {
    return isMessage() ? texts("content", "output_text", "text") : List.of();
  }

  /** Words in which the model declines, in order. */
  List<String> refusals() {
    return isMessage() ? texts("content", "refusal", "refusal") : List.of();
  }

  /** The thoughts themselves where they are open, otherwise a summary, if any. */
  String thoughts() {
    if (!isReasoning()) {
      return "";
    }
    List<String> open = texts("content", "reasoning_text", "text");
    return open.isEmpty()
        ? String.join("\n\n", texts("summary", "summary_text", "text"))
        : String.join("", open);
  }

  private List<String> texts(String list, String type, String field) {
    List<String> texts = new ArrayList<>();
    for (JsonNode part : raw.path(list)) {
      if (part.path("type").asText("").equals(type) && !part.path(field).asText("").isEmpty()) {
        texts.add(part.path(field).asText(""));
      }
    }
    return texts;
  }

  /** Whether a server that has not kept the reply can make anything of it when it comes back. */
  boolean canGoBack() {
    return !isReasoning()
        || !raw.path("encrypted_content").asText("").isEmpty()
        || !raw.path("content").isEmpty();
  }

  /** Whether it says more than its text or call. */
  boolean holdsMore() {
    return !isCall() && (!isMessage() || raw.hasNonNull("phase"));
  }
}
