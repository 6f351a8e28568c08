package dev.agentrunner.adapter.command;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The agents known by name. */
enum Preset {
  CLAUDE_CODE(
      new ClaudeCode(),
      new Credentials(
          List.of("CLAUDE_CODE_OAUTH_TOKEN"),
          List.of(
              new Credentials.Login(
                  Optional.of("CLAUDE_CONFIG_DIR"), ".claude", ".credentials.json")),
          List.of("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),
          List.of("CLAUDE_CONFIG_DIR", "ANTHROPIC_BASE_URL", "API_TIMEOUT_MS", "CLAUDE_CODE_*"),
          false),
      "npm install -g @anthropic-ai/claude-code",
      "claude setup-token"),
  CODEX(
      new Codex(),
      new Credentials(
          List.of(),
          List.of(new Credentials.Login(Optional.of("CODEX_HOME"), ".codex", "auth.json")),
          List.of("CODEX_API_KEY", "OPENAI_API_KEY"),
          List.of("CODEX_HOME", "OPENAI_BASE_URL"),
          false),
      "npm install -g @openai/codex",
      "codex login"),
  GEMINI_CLI(
      new GeminiCli(),
      new Credentials(
          List.of(),
          List.of(new Credentials.Login(Optional.empty(), ".gemini", "oauth_creds.json")),
          List.of("GEMINI_API_KEY", "GOOGLE_API_KEY"),
          List.of("GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION", "GEMINI_CLI_*"),
          false),
      "npm install -g @google/gemini-cli",
      "gemini, and log in"),
  OPENCODE(
      new OpenCode(),
      new Credentials(
          List.of(),
          List.of(
              new Credentials.Login(
                  Optional.of("XDG_DATA_HOME"), ".local/share", "opencode/auth.json")),
          Credentials.KEYS_OF_ALL,
          List.of("OPENCODE_CONFIG", "OPENCODE_CONFIG_DIR"),
          true),
      "npm install -g opencode-ai",
      "opencode auth login"),
  AIDER(
      new Aider(),
      new Credentials(List.of(), List.of(), Credentials.KEYS_OF_ALL, List.of("AIDER_*"), true),
      "python -m pip install aider-install && aider-install",
      "its own configuration"),
  GOOSE(
      new Goose(),
      new Credentials(List.of(), List.of(), Credentials.KEYS_OF_ALL, List.of("GOOSE_*"), true),
      "see its web site",
      "goose configure"),
  GENERIC(
      new AnyProgram(),
      new Credentials(List.of(), List.of(), List.of(), List.of(), true),
      "see where it comes from",
      "its own means");

  // A dialect has no state, and credentials are lists that cannot be changed.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Dialect dialect;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Credentials credentials;

  private final String install;
  private final String logIn;

  Preset(Dialect dialect, Credentials credentials, String install, String logIn) {
    this.dialect = dialect;
    this.credentials = credentials;
    this.install = install;
    this.logIn = logIn;
  }

  /** As it is written in a configuration. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Preset> named(String word) {
    return Arrays.stream(values()).filter(preset -> preset.word().equals(word)).findFirst();
  }

  static List<String> names() {
    return Arrays.stream(values()).map(Preset::word).toList();
  }

  Dialect dialect() {
    return dialect;
  }

  Credentials credentials() {
    return credentials;
  }

  /** How a person gets the program. */
  String install() {
    return install;
  }

  /** How a person logs in with it. */
  String logIn() {
    return logIn;
  }
}
