package dev.agentrunner.crash;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Kills the program and looks at what is left: {@code CrashHarness [--kills N] [--seed S] [--parts
 * random,order,faults,calls,clock] [--every N] [--minutes N] [--jobs N] [--program FOLDER]}. Exits
 * with 1 if anything was found broken. What cannot be tried on this machine is said to be left out.
 */
public final class CrashHarness {

  private CrashHarness() {}

  /** See above. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i], arguments[i + 1]);
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var program = new Program(Path.of(options.getOrDefault("--program", "")).toAbsolutePath());
    if (!program.ready()) {
      out.println("not built: " + program.home());
      System.exit(2);
    }
    long seed =
        options.containsKey("--seed")
            ? Long.parseLong(options.get("--seed"))
            : ThreadLocalRandom.current().nextLong(1_000_000);
    int kills = Integer.parseInt(options.getOrDefault("--kills", "50"));
    List<String> parts =
        List.of(options.getOrDefault("--parts", "random,order,faults").split(",", -1));
    int every = Integer.parseInt(options.getOrDefault("--every", "1"));
    Duration most = Duration.ofMinutes(Long.parseLong(options.getOrDefault("--minutes", "600")));
    int jobs = Integer.parseInt(options.getOrDefault("--jobs", "1"));
    Path folder = Files.createTempDirectory("agent-runner-crash.");
    out.printf("crash harness: parts %s, seed %d, in %s%n", parts, seed, folder);
    int broken = 0;
    for (String part : parts) {
      long begun = System.nanoTime();
      broken +=
          switch (part) {
            case "random" -> new RandomKills(program, folder, out, seed, jobs, most).kill(kills);
            case "order" -> new OrderOfCalls(program, folder, out).check();
            case "calls" -> new KillAtEachCall(program, folder, out, every, most).check();
            case "faults" -> new Faults(program, folder, out, seed).check();
            case "clock" -> new Faults(program, folder, out, seed).checkClock();
            default -> throw new IllegalArgumentException("no such part: " + part);
          };
      out.printf("%s: %d s%n", part, (System.nanoTime() - begun) / 1_000_000_000);
    }
    out.println(broken == 0 ? "nothing broken" : "BROKEN: " + broken);
    if (broken == 0) {
      Files.delete(folder);
    }
    System.exit(broken == 0 ? 0 : 1);
  }
}
