package dev.agentrunner.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.server.ServedApi.Got;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files and tools of projects. */
final class ProjectFilesTest {

  private static final String PROJECT = "/projects/mine";
  private static final String TEXT = "text/plain";

  private final ServedApi api = new ServedApi();

  @BeforeEach
  void addProject() {
    api.registry.addProject("mine", "/srv/mine");
  }

  @AfterEach
  void close() {
    api.close();
  }

  private Got put(String path, String text, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = TEXT;
    return api.send("PUT", PROJECT + "/files/" + path, text, all);
  }

  @Test
  void a_file_is_written_read_listed_and_found() {
    assertThat(put("src/a.txt", "one\ntwo\n").status()).isEqualTo(201);

    Got read = api.get(PROJECT + "/files/src/a.txt");
    assertThat(read.text()).isEqualTo("one\ntwo\n");
    assertThat(api.get(PROJECT + "/files/src/a.txt", "If-None-Match", read.header("etag")).status())
        .isEqualTo(304);
    assertThat(api.get(PROJECT + "/files?limit=5").text()).contains("\"src/a.txt\"");
    assertThat(api.post(PROJECT + "/search", "{\"pattern\":\"two\"}").text())
        .contains("\"line\":2");
  }

  @Test
  void nobody_overwrites_or_removes_what_they_have_not_seen() {
    String tag = put("a.txt", "one").header("etag");

    assertThat(put("a.txt", "two").status()).isEqualTo(428);
    assertThat(put("a.txt", "two", "If-Match", "\"other\"").status()).isEqualTo(412);
    assertThat(put("a.txt", "two", "If-Match", tag).status()).isEqualTo(204);
    assertThat(api.send("DELETE", PROJECT + "/files/a.txt", null, "If-Match", tag).status())
        .isEqualTo(412);
    assertThat(api.get(PROJECT + "/files/a.txt").text()).isEqualTo("two");
  }

  @Test
  void what_is_not_there_is_told() {
    assertThat(api.get(PROJECT + "/files/none").status()).isEqualTo(404);
    assertThat(api.get("/projects/nobodys/files").status()).isEqualTo(404);
    assertThat(api.post(PROJECT + "/tools/none", "{}").status()).isEqualTo(404);
    assertThat(api.post(PROJECT + "/search", "{}").status()).isEqualTo(400);
  }

  @Test
  void tools_are_listed_and_called_gits_by_a_short_name_too() {
    assertThat(api.get(PROJECT + "/tools").text()).contains("echo").contains("git_status");
    assertThat(api.post(PROJECT + "/tools/echo", "{\"say\":\"hello\"}").text()).contains("hello");
    assertThat(api.post(PROJECT + "/git/status", "{}").text()).contains("git_status");
  }
}
