package dev.agentrunner.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** {@code agent-runner serve} as people start it, in a process of its own. */
final class ServedProcess implements AutoCloseable {

  private final Process process;
  private final int port;
  private final long readyNanos;

  /**
   * Starts one and waits until it is ready.
   *
   * @param home whatever it has of its own
   */
  ServedProcess(Path launcher, Path home, String url, int slots) throws IOException {
    this.port = freePort();
    Files.createDirectories(home);
    var builder =
        new ProcessBuilder(
            List.of(
                launcher.toString(),
                "serve",
                "--port",
                String.valueOf(port),
                "--db",
                url,
                "--slots",
                String.valueOf(slots)));
    builder.environment().put("HOME", home.toString());
    builder.environment().put("BENCH_KEY", "bench");
    long begun = System.nanoTime();
    this.process =
        builder
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("serve.log").toFile()))
            .start();
    while (!isReady()) {
      if (!process.isAlive()) {
        throw new IOException("it ended: " + Files.readString(home.resolve("serve.log")));
      }
      LockSupport.parkNanos(5_000_000);
    }
    this.readyNanos = System.nanoTime() - begun;
  }

  private static int freePort() throws IOException {
    try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private boolean isReady() {
    try (var client = new LoopbackClient(port)) {
      return client.get("/readyz").status() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  int port() {
    return port;
  }

  double readySeconds() {
    return readyNanos / 1e9;
  }

  /** Memory that is its own, in megabytes; 0 where there is no /proc. */
  long residentMegabytes() throws IOException {
    Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  /** As a power cut would end it. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
