package dev.agentrunner.cli;

import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Has a person write what the next attempt is to be told: in an editor, or line by line where there
 * is none.
 *
 * @param editor as a shell takes it
 */
record PromptEditor(Dialogue dialogue, Optional<String> editor) {

  /** Git's own, so that editors which know that one colour what follows. */
  private static final String SCISSORS = "# ------------------------ >8 ------------------------";

  private static final int LENGTH_MAX = 20_000;

  /**
   * What was written. Empty if nothing is to come of it, and then it was said why.
   *
   * @param draft what was written before; may be empty
   * @param material to look at while writing
   */
  Optional<String> write(String draft, String material, StopSignal stop) {
    return editor
        .map(command -> edited(command, draft, material, stop))
        .orElseGet(() -> typed(stop))
        .map(String::strip)
        .filter(text -> isOfUse(text, draft.strip()));
  }

  private boolean isOfUse(String text, String draft) {
    if (text.isEmpty()) {
      dialogue.say("Nothing was written.");
    } else if (text.equals(draft)) {
      dialogue.say("Nothing was changed.");
    } else if (text.length() > LENGTH_MAX) {
      dialogue.say(
          "That is too long: %d characters; %d are the most.".formatted(text.length(), LENGTH_MAX));
    } else {
      return true;
    }
    return false;
  }

  private Optional<String> edited(String command, String draft, String material, StopSignal stop) {
    try {
      Path file = Files.createTempFile("agent-runner-", ".md");
      try {
        Files.writeString(file, page(draft, material));
        int exit = dialogue.lend(() -> run(command, file, stop));
        if (exit != 0) {
          dialogue.say(
              "The editor, %s, ended with %d: nothing is taken from it.".formatted(command, exit));
          return Optional.empty();
        }
        return Optional.of(kept(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      dialogue.say("It cannot be edited: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static String page(String draft, String material) {
    return """
    %s
    %s
    # Write above this line what the next attempt is to be told on top of its task. The task list is not
    # changed. What follows is to look at only. To change nothing, write nothing.

    %s
    """
        .formatted(draft, SCISSORS, material.strip());
  }

  private static String kept(String page) {
    int end = page.indexOf(SCISSORS);
    return (end < 0 ? page : page.substring(0, end)).replace("\r\n", "\n");
  }

  /**
   * As git does: the command may have words of its own, and blanks in the file's name do no harm.
   */
  private static int run(String command, Path file, StopSignal stop) {
    try {
      // Standard output may lead to a file; the terminal is where standard error is.
      Process process =
          new ProcessBuilder(
                  List.of("sh", "-c", command + " \"$1\" >&2", "agent-runner", file.toString()))
              .inheritIO()
              .start();
      try (var _ = stop.onRequest(() -> end(process))) {
        return process.waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  private Optional<String> typed(StopSignal stop) {
    dialogue.say(
        "What is the next attempt to be told? A line with a dot alone ends it. (For an editor, set EDITOR.)");
    StringBuilder text = new StringBuilder();
    Optional<String> line = dialogue.ask("> ", stop);
    while (line.isPresent() && !line.get().strip().equals(".")) {
      text.append(line.get()).append('\n');
      line = dialogue.ask("> ", stop);
    }
    return line.map(_ -> text.toString());
  }
}
