package dev.agentrunner.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.server.ServedApi.Got;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConsoleTest {

  private static final Path FOLDER = Path.of("src/main/resources/dev/agentrunner/server/console");
  private static final Pattern VENDORED =
      Pattern.compile("(?m)^\\| (\\S+) \\|.*\\| ([0-9a-f]{64}) \\|$");

  private final ServedApi api = new ServedApi();

  @AfterEach
  void close() {
    api.close();
  }

  private static String path(String file) {
    return file.equals("index.html") ? "/" : "/console/" + file;
  }

  private static List<String> shipped(String kinds) throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> FOLDER.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.matches(".*\\.(" + kinds + ")"))
          .sorted()
          .toList();
    }
  }

  @Test
  void every_file_is_served_as_what_it_is_to_somebody_without_a_key() throws IOException {
    api.as(Scope.READ);
    api.key = "";

    assertThat(shipped("html|css|js|svg")).hasSameElementsAs(Console.FILES);
    for (String file : Console.FILES) {
      Got got = api.get(path(file));

      assertThat(got.status()).as(file).isEqualTo(200);
      assertThat(got.bytes()).as(file).isEqualTo(Files.readAllBytes(FOLDER.resolve(file)));
      assertThat(got.header("content-type")).as(file).startsWith(type(file));
      assertThat(got.header("x-content-type-options")).isEqualTo("nosniff");
      assertThat(got.header("cache-control")).isEqualTo("no-cache");
      assertThat(got.header("content-security-policy"))
          .contains("default-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for")
          .doesNotContain("unsafe");
    }
  }

  private static String type(String file) {
    return switch (file.substring(file.lastIndexOf('.'))) {
      case ".html" -> "text/html";
      case ".css" -> "text/css";
      case ".svg" -> "image/svg+xml";
      default -> "text/javascript";
    };
  }

  @Test
  void a_file_that_a_browser_has_is_not_sent_again() {
    String tag = api.get("/console/app.js").header("etag");

    Got again = api.get("/console/app.js", "If-None-Match", tag);

    assertThat(again.status()).isEqualTo(304);
    assertThat(again.header("etag")).isEqualTo(tag);
    assertThat(api.get("/console/api.js").header("etag")).isNotEqualTo(tag);
  }

  @Test
  void nothing_but_its_files_is_served() {
    assertThat(api.get("/console/vendor/VENDOR.md").status()).isEqualTo(404);
    assertThat(api.get("/console/..%2F..%2Fversion.properties").status()).isEqualTo(404);
    assertThat(api.get("/console/").status()).isEqualTo(404);
  }

  @Test
  void what_others_wrote_is_as_they_published_it() throws IOException, NoSuchAlgorithmException {
    Matcher listed = VENDORED.matcher(Files.readString(FOLDER.resolve("vendor/VENDOR.md")));
    int count = 0;
    while (listed.find()) {
      byte[] bytes = Files.readAllBytes(FOLDER.resolve("vendor").resolve(listed.group(1)));
      assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
          .as(listed.group(1))
          .isEqualTo(listed.group(2));
      count++;
    }

    assertThat(count)
        .isEqualTo(Console.FILES.stream().filter(file -> file.startsWith("vendor/")).count());
  }

  @Test
  void no_file_leads_to_another_host_or_takes_text_for_markup() throws IOException {
    Pattern elsewhere = Pattern.compile("(https?:)?//[a-z0-9-]+\\.[a-z]|@import|url\\(");
    for (String file : shipped("html|css|js|svg")) {
      String text =
          Files.readString(FOLDER.resolve(file)).replace("http://www.w3.org/2000/svg", "");
      if (file.startsWith("vendor/")) {
        // Their own address in a comment is not followed.
        text = text.replaceFirst("^/\\*!.*?\\*/", "");
      }

      assertThat(elsewhere.matcher(text).results().map(found -> found.group())).as(file).isEmpty();
      if (!file.startsWith("vendor/")) {
        assertThat(text)
            .as(file)
            .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write");
        assertThat(text).as(file).doesNotContain("localStorage", "eval(", "new Function");
      }
    }
    assertThat(Files.readString(FOLDER.resolve("index.html")))
        .doesNotContain("<style", "style=", "onclick")
        .doesNotContainPattern("<script(?![^>]* src=)");
  }
}
