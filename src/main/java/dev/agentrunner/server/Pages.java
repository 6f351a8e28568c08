package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.json.EventJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The description of the API, and a page to try it. */
final class Pages implements Resource {

  /** The page needs its own script, its own style and the API; nothing else, from nowhere else. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  @Override
  public List<Route> routes() {
    return List.of(
        page("/openapi.json", "openapi.json", Answer.JSON),
        page("/docs", "docs.html", "text/html"),
        page("/docs.js", "docs.js", "text/javascript"),
        page("/docs.css", "docs.css", "text/css"));
  }

  private static Route page(String path, String resource, String type) {
    byte[] bytes = bytes(resource);
    String tag = "\"" + EventJson.digest(bytes, 0, bytes.length).substring(0, 16) + "\"";
    String full = type.startsWith("text/") ? type + "; charset=utf-8" : type;
    return Route.get(
            path,
            Scope.READ,
            call ->
                (Versions.isKnown(call, tag) ? Answer.empty(304) : Answer.whole(200, full, bytes))
                    .with("ETag", tag)
                    .with("Cache-Control", "no-cache")
                    .with("Content-Security-Policy", POLICY))
        .producing(type)
        .open();
  }

  private static byte[] bytes(String resource) {
    try (InputStream in = Pages.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the program");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
