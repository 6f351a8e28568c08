package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.zip.CRC32;

/**
 * The pages that people open in a browser, from the class path. They are the same for everybody and
 * need no key: whatever they show they ask the API for, with the key that somebody typed in.
 */
final class Console implements Resource {

  /** Below {@code server/console/}; a native image cannot list a folder. */
  static final List<String> FILES =
      List.of(
          "index.html",
          "console.css",
          "icon.svg",
          "api.js",
          "app.js",
          "cost.js",
          "diff.js",
          "feed.js",
          "format.js",
          "history.js",
          "newrun.js",
          "parts.js",
          "places.js",
          "run.js",
          "runs.js",
          "timeline.js",
          "workflows.js",
          "vendor/preact.js",
          "vendor/uplot.css",
          "vendor/uplot.js");

  /**
   * Nothing from elsewhere, nothing written into the page, no text taken for markup: a title that a
   * stranger chose stays a title.
   */
  static final String POLICY =
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'";

  private final Map<String, Page> read = new ConcurrentHashMap<>();

  /** A file, and a word that is another one once the file is. */
  private record Page(byte[] bytes, String tag) {}

  @Override
  public List<Route> routes() {
    return List.of(
        page("/", _ -> "index.html"),
        page("/console/{file}", call -> call.place("file")),
        page("/console/vendor/{file}", call -> "vendor/" + call.place("file")));
  }

  private Route page(String template, Function<Call, String> file) {
    return Route.get(template, Scope.READ, call -> shown(call, file.apply(call)))
        .open()
        .producing(Route.ANY);
  }

  private Answer shown(Call call, String file) {
    if (!FILES.contains(file)) {
      throw new ProblemException(Problem.notFound("The console has no file of that name."));
    }
    Page page = read.computeIfAbsent(file, Console::read);
    Answer answer =
        Versions.isKnown(call, page.tag())
            ? Answer.empty(304)
            : Answer.whole(200, type(file), page.bytes());
    return answer
        .with("ETag", page.tag())
        .with("Cache-Control", "no-cache")
        .with("Content-Security-Policy", POLICY)
        .with("Cross-Origin-Opener-Policy", "same-origin");
  }

  private static String type(String file) {
    return switch (file.substring(file.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> "text/javascript; charset=utf-8";
    };
  }

  private static Page read(String file) {
    try (InputStream in = Console.class.getResourceAsStream("console/" + file)) {
      if (in == null) {
        throw new IllegalStateException("the program ships without console/" + file);
      }
      byte[] bytes = in.readAllBytes();
      CRC32 sum = new CRC32();
      sum.update(bytes);
      return new Page(bytes, "\"%x-%x\"".formatted(bytes.length, sum.getValue()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
