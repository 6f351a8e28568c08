package dev.agentrunner.adapter.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.port.Processes.Job;
import dev.agentrunner.port.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A folder in which real commands run, and an eye on the processes of the machine that knows
 * nothing of how ours are found: it looks for {@link #tag} on their command lines.
 */
final class Bench {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  static final Duration LONG = Duration.ofMinutes(5);

  final Path folder;
  final SystemProcesses processes;
  final StopSignal stop = new StopSignal();
  final ByteArrayOutputStream log = new ByteArrayOutputStream();

  /** Seconds to sleep, different from those of any other process: {@code sleep $tag}. */
  final String tag = "98765." + (100_000_000 + new Random().nextInt(900_000_000));

  Bench(Path folder, SystemProcesses processes) {
    this.folder = folder;
    this.processes = processes;
  }

  HookResult sh(String line) {
    return sh(line, LONG);
  }

  HookResult sh(String line, Duration timeout) {
    return run(new Command.Shell(line), timeout);
  }

  HookResult program(String... words) {
    return run(new Command.Program(List.of(words)), LONG);
  }

  private HookResult run(Command command, Duration timeout) {
    return run(new Job(command, folder.toString(), Map.of("tag", tag), timeout, Optional.empty()));
  }

  HookResult run(Job job) {
    return processes.run(job, log::writeBytes, stop);
  }

  CompletableFuture<HookResult> shAside(String line) {
    return CompletableFuture.supplyAsync(
        () -> sh(line), task -> Thread.ofPlatform().daemon().start(task));
  }

  String log() {
    return log.toString(UTF_8);
  }

  boolean has(String file) {
    try {
      return Files.exists(folder.resolve(file)) && Files.size(folder.resolve(file)) > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String file, String text) {
    try {
      Files.writeString(folder.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Command lines of living processes that hold the tag. */
  List<String> alive() {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(process -> Character.isDigit(process.getFileName().toString().charAt(0)))
          .map(process -> read(process.resolve("cmdline")).replace('\0', ' '))
          .filter(line -> line.contains(tag))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("waited in vain");
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
