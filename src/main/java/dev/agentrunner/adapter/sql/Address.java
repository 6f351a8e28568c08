package dev.agentrunner.adapter.sql;

import dev.agentrunner.port.UsageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a database is. */
sealed interface Address {

  /** For people; without a password. */
  String shown();

  record Sqlite(Path file) implements Address {
    @Override
    public String shown() {
      return "sqlite:" + file;
    }
  }

  /**
   * @param jdbc URL for the driver, which may hold a password
   */
  record Postgresql(String jdbc, String user, String password, String shown) implements Address {
    @Override
    public String toString() {
      return shown;
    }
  }

  /**
   * Understands {@code sqlite:PATH}, {@code postgresql://USER:PASSWORD@HOST:PORT/NAME?…}, the same
   * with {@code postgres:}, and what JDBC takes for either.
   *
   * @throws UsageException if it is none of these
   */
  static Address parse(String url) {
    String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
    if (plain.startsWith("sqlite:")) {
      return sqlite(plain.substring("sqlite:".length()));
    } else if (plain.startsWith("postgresql:") || plain.startsWith("postgres:")) {
      return postgresql(plain);
    }
    throw new UsageException(
        "A database is named as sqlite:PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME; this is neither.");
  }

  private static Address sqlite(String file) {
    if (file.isBlank() || file.startsWith(":") || file.contains("?")) {
      throw new UsageException(
          "sqlite: is followed by the path of a file, such as sqlite:/var/lib/agent-runner/runs.db.");
    }
    try {
      return new Sqlite(Path.of(file).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      throw new UsageException("sqlite: is followed by the path of a file: " + e.getReason());
    }
  }

  private static Address postgresql(String plain) {
    URI uri;
    try {
      uri = new URI(plain);
    } catch (URISyntaxException e) {
      // The message of the cause would show the password.
      throw new UsageException(
          "The database is not named as postgresql://USER:PASSWORD@HOST:PORT/NAME. Special characters of a password are percent-encoded.");
    }
    String host = uri.getHost();
    String path = uri.getRawPath();
    if (host == null || path == null || path.length() < 2) {
      throw new UsageException(
          "postgresql: is followed by //USER:PASSWORD@HOST:PORT/NAME; a host or a name is missing.");
    }
    String place = host + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + path;
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String[] login =
        uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
    return new Postgresql(
        "jdbc:postgresql://" + place + query,
        login.length > 0 ? decoded(login[0]) : "",
        login.length > 1 ? decoded(login[1]) : "",
        "postgresql://" + place);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
