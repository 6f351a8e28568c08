package dev.agentrunner.adapter.command;

/** How the prompt reaches an agent. */
enum PromptWay {
  STDIN,
  /** As the last word of the command line. */
  ARGUMENT,
  /** In a file, whose path takes the place of {@code {prompt_file}} or comes last. */
  FILE
}
