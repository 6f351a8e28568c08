package dev.agentrunner.adapter.yaml;

import dev.agentrunner.core.task.Brief;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.When;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/**
 * The SHA-256 of what a task says. What goes in is one line a value, its length ahead of it so that
 * no value can pass for two: {@code title 5 Setup}. A change of this form changes every digest.
 */
final class TaskDigest {

  private final MessageDigest digest;

  TaskDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
    add("form", "1");
  }

  void add(String name, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    digest.update((name + " " + bytes.length + " ").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
    digest.update((byte) '\n');
  }

  /** All of the task but who works on it and how long, which others may have decided. */
  void task(Task task) {
    Brief brief = task.brief();
    add("id", task.id().value());
    add("title", brief.title());
    add("description", brief.description());
    brief.acceptance().forEach(sentence -> add("acceptance", sentence));
    brief.files().forEach(glob -> add("file", glob));
    new TreeMap<>(brief.metadata())
        .forEach((key, value) -> {
          add("metadata", key);
          add("value", value);
        });
    add("path", task.path());
    task.dependsOn().stream().sorted().forEach(id -> add("depends_on", id.value()));
    task.gates().before().forEach(id -> add("pre_hook", id.value()));
    task.gates().after().forEach(id -> add("post_hook", id.value()));
    task.gates().deferred().forEach(id -> add("defer", id.value()));
  }

  void hook(Hook hook) {
    add("hook", hook.id().value());
    switch (hook.command()) {
      case Command.Shell shell -> add("line", shell.line());
      case Command.Program program -> program.words().forEach(word -> add("word", word));
    }
    add("timeout", String.valueOf(hook.timeout().toMillis()));
    hook.folder().ifPresent(folder -> add("folder", folder));
    if (hook.sandboxed()) {
      add("sandbox", "true");
    }
    new TreeMap<>(hook.environment())
        .forEach((key, value) -> {
          add("variable", key);
          add("value", value);
        });
    switch (hook.when()) {
      case When.Always() -> {}
      case When.OnFailure() -> add("when", "on_failure");
      case When.Changed(List<String> globs) -> globs.forEach(glob -> add("when_changed", glob));
    }
    hook.onFailure().ifPresent(consequence -> add("on_failure", consequence.name()));
  }

  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
