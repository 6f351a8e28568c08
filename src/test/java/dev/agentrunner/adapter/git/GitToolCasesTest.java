package dev.agentrunner.adapter.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.adapter.git.RemoteAddress.Origin;
import dev.agentrunner.adapter.http.PublicAddresses;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.task.GitSettings;
import dev.agentrunner.core.task.Identity;
import dev.agentrunner.port.Repositories.Lookup;
import dev.agentrunner.port.Repository;
import dev.agentrunner.port.Repository.Answer;
import dev.agentrunner.port.Repository.Committing;
import dev.agentrunner.port.Repository.Order;
import dev.agentrunner.testing.GitFolder;
import dev.agentrunner.testing.MemoryWorkspaces;
import dev.agentrunner.testing.ScriptedProcesses;
import dev.agentrunner.testing.SettableClock;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks on tools that use git, with a file that tells whether one got through. */
final class GitToolCasesTest {

  private final ScriptedProcesses processes = new ScriptedProcesses();
  private GitFolder git;
  private Path canary;
  private Repository repository;

  @BeforeEach
  void lay_out_a_work_tree(@TempDir Path folder) throws Exception {
    git = new GitFolder(folder);
    git.file("a.txt", "one\n").committed("first");
    git.git("branch", "other");
    canary = folder.toRealPath().resolve("canary");
    repository = ((Lookup.Found) at(git.tree)).repository();
  }

  private Lookup at(Path folder) {
    return new LocalRepositories(
            GitSettings.NONE,
            Map.of(
                "HOME",
                git.home.toString(),
                "GIT_CONFIG_NOSYSTEM",
                "1",
                "GIT_DIR",
                "/elsewhere",
                "GIT_SSH_COMMAND",
                "touch " + canary),
            processes,
            new SettableClock())
        .at(folder.toString());
  }

  private static Path corpora() {
    String corpora = System.getenv("AGENT_RUNNER_CORPORA");
    assumeTrue(corpora != null, "AGENT_RUNNER_CORPORA is not set");
    return Path.of(corpora);
  }

  private static boolean isRefused(Answer answer) {
    return answer instanceof Answer.Refused;
  }

  @Test
  void the_cases_of_the_corpus_end_as_they_should() throws Exception {
    JsonNode cases =
        new ObjectMapper()
            .readTree(Files.readAllBytes(corpora().resolve("07-agent-safety/git_tool_cases.json")));
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : cases) {
      String args = one.get("args").asText().replace("/canary", canary.toString());
      if (!holds(one.get("tool").asText(), args, one.get("verdict").asText())) {
        wrong.add(one.get("id").asText());
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(canary).doesNotExist();
  }

  /** Cases that speak of a repository laid out in some way have tests of their own below. */
  private boolean holds(String tool, String args, String verdict) {
    if (!verdict.startsWith("refuse")) {
      return true;
    }
    return switch (tool) {
      case "clone" -> isRefused(repository.clone(args, "copy"));
      case "clone dest" -> isRefused(repository.clone("https://example.org/x.git", args));
      case "push" ->
          isRefused(repository.push(args, "main")) && isRefused(repository.push("origin", args));
      case "commit author" -> Identity.of(args.replace("\\n", "\n").replace("\"", "")).isEmpty();
      case "checkout" ->
          isRefused(repository.checkout(args)) && isRefused(repository.createBranch(args));
      case "diff" -> isRefused(repository.diff(false, List.of(args)));
      case "log" -> isRefused(repository.log(Optional.of(args), 10));
      default -> true;
    };
  }

  @Test
  void aliases_of_the_folder_of_git_are_no_place_to_clone_into() throws Exception {
    JsonNode names =
        new ObjectMapper()
            .readTree(Files.readAllBytes(corpora().resolve("02-paths/git_dir_names.json")));
    List<String> taken = new ArrayList<>();
    for (JsonNode name : names.get("must_refuse")) {
      for (String path : List.of(name.asText(), "sub/" + name.asText(), name.asText() + "/hooks")) {
        try {
          taken.add(new RepositoryPaths("").of(path));
        } catch (Refusal expected) {
          assertThat(expected.reason()).isNotEmpty();
        }
      }
    }
    assertThat(taken).isEmpty();
  }

  @Test
  void addresses_that_are_not_out_in_the_open_are_told() throws Exception {
    List<String> wrong = new ArrayList<>();
    int told = 0;
    for (String line : Files.readAllLines(corpora().resolve("03-ssrf/ip_cases.jsonl"))) {
      JsonNode one = new ObjectMapper().readTree(line);
      if (!one.get("verdict").asText().equals("refuse")) {
        continue;
      }
      String ip = one.get("ip").asText();
      told++;
      try {
        if (!PublicAddresses.isAmbiguous(ip)
            && PublicAddresses.isPublic(InetAddress.ofLiteral(ip))) {
          wrong.add(ip);
        }
      } catch (IllegalArgumentException e) {
        // No address at all.
      }
    }
    assertThat(told).isPositive();
    assertThat(wrong).isEmpty();
  }

  @Test
  void addresses_written_in_odd_ways_are_refused_before_any_name_is_looked_up() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (String line : Files.readAllLines(corpora().resolve("03-ssrf/url_cases.jsonl"))) {
      JsonNode one = new ObjectMapper().readTree(line);
      // Names are looked at when they are dialled.
      boolean named = one.has("dns") || one.get("url").asText().contains(".nip.io");
      if (one.get("verdict").asText().equals("refuse") && !named) {
        try {
          RemoteAddress.of(one.get("url").asText(), Origin.AGENT);
          wrong.add(one.get("id").asText() + " " + one.get("url").asText());
        } catch (Refusal expected) {
          assertThat(expected.reason()).isNotEmpty();
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void ways_to_run_something_are_no_addresses() {
    for (String address :
        List.of(
            "ext::sh -c touch% " + canary,
            "fd::17",
            "--upload-pack=touch " + canary,
            "-oProxyCommand=x",
            "ssh://-oProxyCommand=touch%20" + canary + "/x",
            "git@-oProxyCommand=x:y",
            "git://example.org/x",
            "/etc",
            "../x",
            "file:///etc",
            "FILE:/etc",
            "http://-x/y",
            "https://me:secret@example.org/x",
            "https://example.org/x\n--upload-pack=y",
            "")) {
      Answer answer = repository.clone(address, "copy");
      assertThat(isRefused(answer)).as(address).isTrue();
      assertThat(((Answer.Refused) answer).reason()).doesNotContain("secret");
    }
    for (String folder :
        List.of("../copy", "/tmp/copy", "a.txt", ".", "-x", "a/../../b", ".git/x")) {
      assertThat(isRefused(repository.clone("https://example.org/x", folder))).as(folder).isTrue();
    }
    assertThat(canary).doesNotExist();
  }

  @Test
  void nothing_that_a_repository_configures_is_run() throws Exception {
    Path script =
        Files.writeString(git.home.resolve("run"), "#!/bin/sh\ntouch " + canary + "\ncat\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path bare = git.home.resolve("bare.git");
    git.git("clone", "-q", "--bare", ".", bare.toString());
    git.git("remote", "add", "origin", bare.toString());
    for (String key :
        List.of(
            "filter.evil.clean",
            "filter.evil.smudge",
            "filter.evil.process",
            "core.fsmonitor",
            "core.sshCommand",
            "core.editor",
            "core.pager",
            "core.askPass",
            "diff.external",
            "diff.evil.command",
            "diff.evil.textconv",
            "merge.evil.driver",
            "gpg.program",
            "credential.helper",
            "remote.origin.uploadpack",
            "remote.origin.receivepack",
            "hook.evil.command")) {
      git.git("config", key, script.toString());
    }
    git.git("config", "commit.gpgSign", "true");
    git.git("config", "push.gpgSign", "true");
    git.git("config", "core.hooksPath", git.home.resolve("hooks").toString());
    for (Path hooks :
        List.of(git.home.resolve("hooks"), git.tree.resolve(".git/hooks"), bare.resolve("hooks"))) {
      Files.createDirectories(hooks);
      for (String hook :
          List.of(
              "pre-commit",
              "commit-msg",
              "post-commit",
              "prepare-commit-msg",
              "pre-push",
              "post-checkout",
              "reference-transaction",
              "post-index-change",
              "pre-receive",
              "post-receive",
              "update")) {
        Files.deleteIfExists(hooks.resolve(hook));
        Files.copy(script, hooks.resolve(hook));
      }
    }
    git.file(".gitattributes", "* filter=evil diff=evil merge=evil\n")
        .file("a.txt", "two\n")
        .file("n.txt", "n\n");

    repository.status();
    repository.diff(false, List.of());
    repository.log(Optional.empty(), 5);
    repository.add(List.of("n.txt"));
    Committing made =
        repository.commit(
            new Order(
                "-F/etc/passwd",
                List.of(),
                Optional.of(new Identity("Ada", "a@example.org")),
                Optional.empty(),
                List.of(new FileChange("a.txt", digest("one\n"), digest("two\n")))));
    Answer pushed = repository.push("origin", "main");
    Answer made2 = repository.createBranch("side");
    Answer out = repository.checkout("side");
    Answer back = repository.checkout("other");

    assertThat(made).isInstanceOf(Committing.Made.class);
    assertThat(List.of(pushed, made2, out, back)).allMatch(Answer.Done.class::isInstance);
    assertThat(git.text("a.txt")).isEqualTo("one\n");
    assertThat(canary).doesNotExist();
    git.git("config", "--unset", "core.fsmonitor");
    assertThat(git.git("log", "-1", "--format=%s", "main")).contains("-F/etc/passwd");
  }

  private static Optional<String> digest(String text) {
    return Optional.of(MemoryWorkspaces.digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void a_link_to_a_repository_that_does_not_know_of_it_is_not_followed() throws Exception {
    Path strange = Files.createDirectory(git.tree.resolve("strange"));
    Files.writeString(strange.resolve(".git"), "gitdir: " + git.tree.resolve(".git") + "\n");
    assertThat(at(strange)).isInstanceOf(Lookup.None.class);
    Files.delete(strange.resolve(".git"));
    Files.createSymbolicLink(strange.resolve(".git"), git.tree.resolve(".git"));
    assertThat(at(strange)).isInstanceOf(Lookup.None.class);

    Path linked = git.home.resolve("linked");
    git.git("worktree", "add", "-q", linked.toString(), "other");
    assertThat(at(linked))
        .as("a work tree that its repository knows")
        .isInstanceOf(Lookup.Found.class);
  }

  @Test
  void a_bare_repository_among_the_files_is_nothing_but_files() throws Exception {
    Path bare = git.tree.resolve("fixtures");
    git.git("clone", "-q", "--bare", ".", bare.toString());
    git.git("-C", bare.toString(), "config", "core.worktree", git.home.toString());

    Repository seen = ((Lookup.Found) at(bare)).repository();

    assertThat(seen.status()).isEqualTo(new Answer.Done("?? ./\n"));
  }

  @Test
  void the_work_tree_is_where_the_repository_is_whatever_is_configured() throws Exception {
    Files.writeString(git.home.resolve("secret"), "s");
    git.git("config", "core.worktree", git.home.toString());

    assertThat(repository.status()).isEqualTo(new Answer.Done(""));
  }

  @Test
  void names_that_are_no_text_go_through_a_commit_as_they_are() throws Exception {
    Process write =
        new ProcessBuilder("sh", "-c", "printf x > \"$(printf 'odd\\377\\376')\"")
            .directory(git.tree.toFile())
            .start();
    assertThat(write.waitFor()).isZero();
    git.committed("odd").file("a.txt", "two\n");

    repository.commit(
        new Order(
            "Do it",
            List.of(),
            Optional.of(new Identity("Ada", "a@example.org")),
            Optional.empty(),
            List.of(new FileChange("a.txt", digest("one\n"), digest("two\n")))));

    assertThat(git.git("ls-tree", "--name-only", "HEAD")).isEqualTo("a.txt\n\"odd\\377\\376\"\n");
    assertThat(git.git("status", "--short")).isEmpty();
    assertThat(repository.status()).isInstanceOf(Answer.Done.class);
  }

  @Test
  void a_name_that_resolves_to_an_address_of_this_machine_is_not_dialled() {
    try (var connections =
        new CheckedConnection.Factory(
            Origin.AGENT,
            host ->
                List.of(
                    InetAddress.ofLiteral("93.184.216.34"), InetAddress.ofLiteral("127.0.0.1")))) {
      var connection = connections.create(URI.create("http://rebind.example.org:1/").toURL());
      assertThat(catchThrowable(connection::getResponseCode))
          .hasMessageContaining("not out in the open");
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }
}
