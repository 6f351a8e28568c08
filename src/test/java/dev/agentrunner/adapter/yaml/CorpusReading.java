package dev.agentrunner.adapter.yaml;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads each file of a folder as a list of tasks and prints a line on it, with tabs between: its
 * name, the processor time it took, {@code good} or the first faults with their places. Run as a
 * program of its own, with little memory.
 */
final class CorpusReading {

  private CorpusReading() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Configuration configuration =
        new ConfigurationFiles(ProviderKind.all())
            .load(
                new ConfigurationSources(
                    folder, Optional.empty(), Optional.empty(), Map.of(), List.of()))
            .orRefuse();
    ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        long start = cpu.getCurrentThreadCpuTime();
        Loaded<TaskListFile> loaded = TaskListFile.load(file, configuration);
        String told =
            switch (loaded) {
              case Loaded.Good<TaskListFile> _ -> "good";
              case Loaded.Bad<TaskListFile> bad ->
                  String.join(
                      " ", Reports.messages(bad).subList(0, Math.min(3, bad.faults().size())));
            };
        System.out.printf(
            "%s\t%d ms\t%s%n",
            file.getFileName(), (cpu.getCurrentThreadCpuTime() - start) / 1_000_000, told);
      }
    }
  }
}
