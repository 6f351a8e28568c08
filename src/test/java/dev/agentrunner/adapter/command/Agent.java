package dev.agentrunner.adapter.command;

import dev.agentrunner.adapter.process.SystemProcesses;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.port.ChatModel.Watcher;
import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An agent whose command line is a shell script of the test's, and what it was started with. */
final class Agent {

  static final Instant NOW = Instant.parse("2026-08-07T09:00:00Z");

  private final Path folder;
  private final String preset;
  private final Map<String, String> options = new HashMap<>();
  private final Map<String, List<String>> lists = new HashMap<>();
  final Map<String, String> environment = new HashMap<>();
  final List<String> watched = new ArrayList<>();
  final StopSignal stop = new StopSignal();
  private Optional<KeySource> key = Optional.empty();
  private Duration silence = Duration.ofMinutes(2);
  private Duration total = Duration.ofMinutes(5);

  Agent(Path folder, String preset, String script) {
    this.folder = folder;
    this.preset = preset;
    options.put("preset", preset);
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", folder.resolve("home").toString());
    write("agent", "#!/bin/sh\necho \"$*\" >> words\nenv > variables\n" + script + "\n");
    folder.resolve("agent").toFile().setExecutable(true);
    lists.put("command", List.of(folder.resolve("agent").toString()));
  }

  Agent write(String file, String text) {
    try {
      Path path = folder.resolve(file);
      Files.createDirectories(path.resolveSibling(""));
      Files.writeString(path, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Agent with(String option, String value) {
    options.put(option, value);
    return this;
  }

  Agent with(String option, List<String> values) {
    lists.put(option, values);
    return this;
  }

  Agent set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Agent keyIn(String variable) {
    key = Optional.of(new KeySource.Variable(variable));
    return this;
  }

  Agent silentFor(Duration most) {
    silence = most;
    return this;
  }

  Agent doneIn(Duration most) {
    total = most;
    return this;
  }

  ProviderSettings settings() {
    return new ProviderSettings(
        "mine",
        "command",
        Optional.empty(),
        Optional.empty(),
        key,
        new Timeouts(Duration.ofSeconds(10), silence, total),
        options,
        lists);
  }

  CommandModel model() {
    return CommandModel.of(
        settings(),
        folder,
        environment,
        folder.toString(),
        new SystemProcesses(Duration.ofMillis(500), environment),
        InstantSource.fixed(NOW));
  }

  Answer ask(Message... messages) {
    return model()
        .ask(
            new ChatRequest(
                new ChatRequest.CallId("T1", 1, 1),
                "default",
                "",
                List.of(messages),
                List.of(),
                1_000),
            new Watcher() {
              @Override
              public void text(String delta) {
                watched.add("text " + delta.strip());
              }

              @Override
              public void thinking(String delta) {
                watched.add("thinking");
              }

              @Override
              public void call(String name) {
                watched.add("call " + name);
              }

              @Override
              public void silence(Duration since) {}
            },
            stop);
  }

  Answer ask(String prompt) {
    return ask(new Message.User(prompt));
  }

  @Override
  public String toString() {
    return preset;
  }
}
