package dev.agentrunner.engine;

import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.edit.Replacement;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.port.Workspace;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tools that change a file. They only say what it is to become; {@link StepRunner} writes it down
 * and then does it.
 */
final class WritingTools {

  private WritingTools() {}

  /** Why nothing may be written, if what is to be written means a secret that is not there. */
  private static Optional<Planned> meantSecret(
      String path, Optional<byte[]> there, String... texts) {
    String held = there.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
    return Stream.of(texts)
        .flatMap(text -> Mask.mark(text, held).stream())
        .findFirst()
        .map(mark ->
            new Planned.Refused(
                path,
                "%s: %s only stands for a secret that you are not shown, and is not what the file holds. Nothing was changed. Change the lines around it with edit_file, and leave the secret as it is; a secret of your own cannot be written."
                    .formatted(path, mark)));
  }

  private static FileChange change(String path, Optional<byte[]> before, byte[] after) {
    return new FileChange(path, before.map(Digest::of), Optional.of(Digest.of(after)));
  }

  /** {@code write_file}. */
  static final class WriteFile implements AgentTools.Tool {

    private static final ToolSpec SPEC =
        new ToolSpec(
            "write_file",
            "Create a file, or replace the whole content of one. Missing folders are made. To change a part of a file, use edit_file.",
            new Parameters()
                .need("path", "string", "Relative to the task's folder.")
                .need("content", "string", "The whole new content.")
                .schema());

    @Override
    public ToolSpec spec() {
      return SPEC;
    }

    @Override
    public Planned plan(Arguments arguments, Reach reach) {
      Workspace workspace = reach.workspace();
      String path = arguments.text("path");
      String content = arguments.text("content");
      byte[] after = content.getBytes(StandardCharsets.UTF_8);
      return switch (workspace.read(path)) {
        case Workspace.Content.Refused(String reason) -> new Planned.Refused(path, reason);
        case Workspace.Content.Missing() ->
            meantSecret(path, Optional.empty(), content)
                .orElseGet(() ->
                    new Planned.Writes(
                        change(path, Optional.empty(), after),
                        Optional.empty(),
                        after,
                        "Created %s (%d bytes).".formatted(path, after.length)));
        case Workspace.Content.Bytes(byte[] before) ->
            meantSecret(path, Optional.of(before), content)
                .orElseGet(() ->
                    new Planned.Writes(
                        change(path, Optional.of(before), after),
                        Optional.of(before),
                        after,
                        "Replaced %s (%d bytes).".formatted(path, after.length)));
      };
    }
  }

  /** {@code edit_file}. */
  static final class EditFile implements AgentTools.Tool {

    private static final ToolSpec SPEC =
        new ToolSpec(
            "edit_file",
            "Replace a text in a file. old_text must stand in the file exactly, white space included, and only once unless replace_all is set.",
            new Parameters()
                .need("path", "string", "Relative to the task's folder.")
                .need(
                    "old_text",
                    "string",
                    "What stands there now, with enough lines around it to be unique.")
                .need("new_text", "string", "What shall stand there instead.")
                .may("replace_all", "boolean", "Replace every occurrence.")
                .schema());

    @Override
    public ToolSpec spec() {
      return SPEC;
    }

    @Override
    public Planned plan(Arguments arguments, Reach reach) {
      Workspace workspace = reach.workspace();
      String path = arguments.text("path");
      Replacement replacement =
          new Replacement(
              arguments.text("old_text"),
              arguments.text("new_text"),
              arguments.flag("replace_all"));
      return switch (workspace.read(path)) {
        case Workspace.Content.Refused(String reason) -> new Planned.Refused(path, reason);
        case Workspace.Content.Missing() ->
            new Planned.Refused(
                path, "There is no file %s; create it with write_file.".formatted(path));
        case Workspace.Content.Bytes(byte[] before) ->
            meantSecret(
                    path,
                    Optional.of(before),
                    arguments.text("old_text"),
                    arguments.text("new_text"))
                .orElseGet(() -> edit(path, replacement, before));
      };
    }

    private static Planned edit(String path, Replacement replacement, byte[] before) {
      return switch (replacement.applyTo(before)) {
        case Replacement.Result.Refused(String reason) ->
            new Planned.Refused(path, path + ": " + reason);
        case Replacement.Result.Changed(byte[] after, int places) ->
            new Planned.Writes(
                change(path, Optional.of(before), after),
                Optional.of(before),
                after,
                places == 1
                    ? "Edited %s.".formatted(path)
                    : "Edited %s in %d places.".formatted(path, places));
      };
    }
  }
}
