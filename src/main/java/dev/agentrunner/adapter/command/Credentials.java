package dev.agentrunner.adapter.command;

import java.util.List;
import java.util.Optional;

/**
 * Where an agent's command line finds out who pays for it.
 *
 * @param tokens variables that hold a login, which a subscription pays for
 * @param logins files that do
 * @param keys variables that hold an API key, the one it heeds most first
 * @param settings further variables it is to have; one that ends in {@code *} stands for many
 * @param keysOfMany whether the keys belong to different providers, so that one has to be chosen
 */
record Credentials(
    List<String> tokens,
    List<Login> logins,
    List<String> keys,
    List<String> settings,
    boolean keysOfMany) {

  Credentials {
    tokens = List.copyOf(tokens);
    logins = List.copyOf(logins);
    keys = List.copyOf(keys);
    settings = List.copyOf(settings);
  }

  /** Keys of agents that speak to every provider. */
  static final List<String> KEYS_OF_ALL =
      List.of(
          "ANTHROPIC_API_KEY",
          "OPENAI_API_KEY",
          "GEMINI_API_KEY",
          "OPENROUTER_API_KEY",
          "DEEPSEEK_API_KEY",
          "MISTRAL_API_KEY",
          "GROQ_API_KEY",
          "XAI_API_KEY");

  /**
   * A file that is there when somebody has logged in.
   *
   * @param variable that names another folder
   * @param folder in the home folder
   */
  record Login(Optional<String> variable, String folder, String file) {}
}
