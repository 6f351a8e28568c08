package dev.agentrunner.adapter.process;

import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.core.task.Command.Shell;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.port.Confinement;
import dev.agentrunner.port.Processes.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A project in a home folder, with what a command must not touch around it, and confined commands
 * that run in it.
 */
final class HeldCommands {

  static final String CANARY = "as it was";
  private static final Duration GRACE = Duration.ofMillis(200);

  final Path home;
  final Path project;
  final Path outside;
  final Bench bench;
  final List<String> writable = new ArrayList<>();
  final List<String> readOnly = new ArrayList<>();
  final List<String> masked = new ArrayList<>();
  final Map<String, String> environment = new HashMap<>();
  boolean network;
  long processesMax = 512;
  long fileBytesMax = 64 * 1024 * 1024;

  HeldCommands(Path ground, Sandboxing sandboxing) throws IOException {
    home = Files.createDirectories(ground.toRealPath().resolve("home"));
    project = Files.createDirectories(home.resolve("project"));
    outside = Files.createDirectories(ground.toRealPath().resolve("outside"));
    for (String file : List.of(".git/config", ".agent-runner/state.json", "src/a.py")) {
      plant(project.resolve(file));
    }
    plant(home.resolve(".ssh/id"));
    plant(outside.resolve("file"));
    Map<String, String> ours = new HashMap<>(System.getenv());
    ours.put("SECRET_KEY", "sk-planted");
    bench = new Bench(project, new SystemProcesses(GRACE, ours, sandboxing));
    writable.add(project.toString());
    readOnly.add(project.resolve(".git").toString());
    readOnly.add(project.resolve(".agent-runner").toString());
    masked.add(home.toString());
    environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.put("HOME", home.toString());
    environment.put("PROJ", project.toString());
    environment.put("OUT", outside.toString());
    environment.put("tag", bench.tag);
  }

  static void plant(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, CANARY);
  }

  Confinement confinement() {
    return new Confinement(
        writable, readOnly, masked, network, environment, processesMax, fileBytesMax);
  }

  HookResult sh(String line) {
    return sh(line, Bench.LONG);
  }

  HookResult sh(String line, Duration timeout) {
    return run(new Shell(line), timeout);
  }

  HookResult run(Command command, Duration timeout) {
    return bench.run(
        new Job(command, project.toString(), Map.of(), timeout, Optional.of(confinement())));
  }

  String text(String file) throws IOException {
    return Files.readString(project.resolve(file));
  }
}
