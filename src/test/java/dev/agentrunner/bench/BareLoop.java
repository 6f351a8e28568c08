package dev.agentrunner.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The least that tasks cost: for each, {@code true} is run, the provider is asked, a file is
 * written, the provider is asked again, {@code true} is run. Nothing is written down, nothing is
 * checked. {@code BareLoop PORT TASKS FOLDER}.
 */
public final class BareLoop {

  private static final String REQUEST =
      """
      {"model":"claude-test","max_tokens":1000,"stream":true,
       "messages":[{"role":"user","content":"# %s x"}%s]}
      """;
  private static final String SECOND =
      """
      ,{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"write_file","input":{}}]},
       {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"Created."}]}
      """;

  private BareLoop() {}

  /** See above. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    URI provider = URI.create("http://127.0.0.1:%s/v1/messages".formatted(arguments[0]));
    Path folder = Path.of(arguments[2]);
    for (int i = 1; i <= Integer.parseInt(arguments[1]); i++) {
      String task = "T" + i;
      runTrue();
      ask(provider, REQUEST.formatted(task, ""));
      Files.writeString(folder.resolve(task + ".txt"), "attempt 1\n");
      ask(provider, REQUEST.formatted(task, SECOND));
      runTrue();
    }
  }

  private static void runTrue() throws IOException, InterruptedException {
    new ProcessBuilder("/bin/sh", "-c", "true").start().waitFor();
  }

  private static void ask(URI provider, String body) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) provider.toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setRequestProperty("x-api-key", "bench");
    connection.setRequestProperty("anthropic-version", "2023-06-01");
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    }
    try (InputStream in = connection.getInputStream()) {
      in.readAllBytes();
    }
  }
}
