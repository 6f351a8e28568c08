package dev.agentrunner.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A clock of the wall that is set back, and forth, while a run goes on; needs libfaketime. */
final class ClockFaults {

  private static final List<Path> LIBRARIES =
      Stream.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib")
          .map(folder -> Path.of(folder, "faketime/libfaketimeMT.so.1"))
          .toList();

  private final Cases cases;

  ClockFaults(Cases cases) {
    this.cases = cases;
  }

  void check() throws IOException, InterruptedException {
    Optional<Path> library = LIBRARIES.stream().filter(Files::exists).findFirst();
    if (library.isEmpty()) {
      cases.leaveOut("clocks that are set", "libfaketime is missing");
      return;
    }
    for (String by : List.of("-2h", "+2h")) {
      cases.tryOut("the clock is set by " + by, trial -> set(trial, library.get(), by));
    }
  }

  private static void set(Trial trial, Path library, String by)
      throws IOException, InterruptedException {
    Path time = Files.writeString(trial.ground().folder().resolve("clock"), "+0\n");
    trial.ground().hookAlso("before-T02", "echo '" + by + "' >../clock");
    List<String> before =
        List.of(
            "env",
            "LD_PRELOAD=" + library,
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
            "FAKETIME_CACHE_DURATION=1",
            "FAKETIME_TIMESTAMP_FILE=" + time);
    trial.expectEnd(trial.start(before), 0, "");
    trial.ground().hookNoMore("before-T02");
    boolean wasSet = trial.secondsBetweenEvents().stream().anyMatch(leap -> Math.abs(leap) > 3_600);
    trial.expect(wasSet, "the clock was not set at all");
    trial.finish("run");
  }
}
