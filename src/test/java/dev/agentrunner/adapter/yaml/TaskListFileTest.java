package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.Brief;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.core.task.Delivery;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.Gates;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TaskListFileTest {

  private static final String CONFIG =
      """
      model: sonnet
      hooks: {test-env: a, unit-tests: b}
      providers: {other: {kind: claude}}
      """;

  @TempDir Path folder;

  @Test
  void two_lines_make_a_task() {
    Task task = only("version: 1\ntasks:\n  - id: T1\n    title: Do it\n");

    assertThat(task)
        .isEqualTo(
            new Task(
                new TaskId("T1"),
                new Brief("Do it", "", List.of(), List.of(), Map.of()),
                ".",
                List.of(),
                List.of(),
                new Gates(List.of(), List.of()),
                new AgentChoice("claude", Optional.of("sonnet")),
                new Bounds(3, 50, 2_000_000, Duration.ofMinutes(30)),
                Delivery.NONE));
  }

  @Test
  void everything_that_can_be_written_is_read() throws IOException {
    Files.createDirectory(folder.resolve("repo"));
    TaskListFile file =
        load("""
        version: 1
        tasks:
          - {id: T0, title: first}
          - id: T1
            title: Do it
            description: |
              One.
              Two.
            path: ./repo
            depends_on: [T0]
            pre_hooks: [test-env]
            post_hooks: [unit-tests, test-env]
            files: ["src/**/*.py"]
            protect: ["tests/**", "*.lock"]
            acceptance: [It works., It is fast.]
            provider: other
            model: opus
            max_attempts: 1
            max_turns: 2
            max_tokens: 3
            max_time: 4s
            git: {commit: attempt, push: on}
            metadata: {ticket: 17, urgent: no}
        """)
            .orRefuse();

    assertThat(file.tasks().tasks().getLast())
        .isEqualTo(
            new Task(
                new TaskId("T1"),
                new Brief(
                    "Do it",
                    "One.\nTwo.\n",
                    List.of("It works.", "It is fast."),
                    List.of("src/**/*.py"),
                    Map.of("ticket", "17", "urgent", "no")),
                "./repo",
                List.of("tests/**", "*.lock"),
                List.of(new TaskId("T0")),
                new Gates(
                    List.of(new HookId("test-env")),
                    List.of(new HookId("unit-tests"), new HookId("test-env"))),
                new AgentChoice("other", Optional.of("opus")),
                new Bounds(1, 2, 3, Duration.ofSeconds(4)),
                new Delivery(CommitAfter.ATTEMPT, true)));
  }

  @Test
  void what_anybody_protects_is_protected() {
    List<Task> tasks =
        load("""
        version: 1
        defaults: {protect: [ci]}
        tasks:
          - {id: A, title: a, protect: ["tests/**", ci]}
          - {id: B, title: b, protect: []}
        """)
            .orRefuse()
            .tasks()
            .tasks();

    assertThat(tasks.getFirst().protect()).containsExactly("ci", "tests/**");
    assertThat(tasks.getLast().protect()).containsExactly("ci");
  }

  @Test
  void defaults_fill_what_a_task_leaves_open() {
    List<Task> tasks =
        load("""
        version: 1
        defaults:
          pre_hooks: test-env
          post_hooks: [unit-tests]
          acceptance: one
          max_turns: 7
          metadata: {a: 1, b: 2}
        tasks:
          - {id: A, title: a}
          - {id: B, title: b, post_hooks: [], max_turns: 8, metadata: {b: 3}}
        """)
            .orRefuse()
            .tasks()
            .tasks();

    assertThat(tasks.getFirst().gates())
        .isEqualTo(new Gates(List.of(new HookId("test-env")), List.of(new HookId("unit-tests"))));
    assertThat(tasks.getFirst().bounds().turns()).isEqualTo(7);
    assertThat(tasks.getFirst().brief().acceptance()).containsExactly("one");
    assertThat(tasks.getLast().gates())
        .isEqualTo(new Gates(List.of(new HookId("test-env")), List.of()));
    assertThat(tasks.getLast().bounds().turns()).isEqualTo(8);
    assertThat(tasks.getLast().brief().metadata()).isEqualTo(Map.of("a", "1", "b", "3"));
  }

  @Test
  void words_and_numbers_stay_as_written() {
    List<Task> tasks =
        load("version: 1\ntasks:\n- {id: 1, title: no}\n- {id: 01, title: 1e3}\n- {id: 1.0, title: yes}\n")
            .orRefuse()
            .tasks()
            .tasks();

    assertThat(tasks).extracting(task -> task.id().value()).containsExactly("1", "01", "1.0");
    assertThat(tasks).extracting(task -> task.brief().title()).containsExactly("no", "1e3", "yes");
  }

  @Test
  void json_is_a_task_list_in_a_file_of_either_name() throws IOException {
    String json = "{\"version\": 1, \"tasks\": [{\"id\": \"T1\", \"title\": \"x\"}]}";

    assertThat(only(json).id()).isEqualTo(new TaskId("T1"));
    Path file = Files.writeString(folder.resolve("tasks.json"), json);
    assertThat(TaskListFile.load(file, configuration()).orRefuse().tasks().tasks()).hasSize(1);
  }

  @Test
  void hooks_of_the_list_take_the_place_of_those_configured() {
    TaskListFile file =
        load("version: 1\nhooks: {unit-tests: mine, own: x}\ntasks: [{id: A, title: a, post_hooks: [own, test-env]}]")
            .orRefuse();

    assertThat(file.settings().hook(new HookId("unit-tests")).command())
        .isEqualTo(new Command.Shell("mine"));
    assertThat(file.settings().hooks()).hasSize(3);
  }

  @Test
  void a_model_goes_with_the_provider_its_author_had_in_mind() {
    List<Task> tasks =
        load("""
        version: 1
        tasks:
          - {id: A, title: a, provider: other}
          - {id: B, title: b, provider: claude}
          - {id: C, title: c, model: opus}
        """)
            .orRefuse()
            .tasks()
            .tasks();

    assertThat(tasks)
        .extracting(Task::agent)
        .containsExactly(
            new AgentChoice("other", Optional.empty()),
            new AgentChoice("claude", Optional.of("sonnet")),
            new AgentChoice("claude", Optional.of("opus")));
  }

  @Test
  void those_who_stand_in_are_named_by_the_task_or_for_all_tasks() {
    List<Task> tasks =
        load("""
        version: 1
        defaults: {fallback: [ollama, openai, claude]}
        tasks:
          - {id: A, title: a}
          - {id: B, title: b, provider: ollama}
          - {id: C, title: c, fallback: []}
        """)
            .orRefuse()
            .tasks()
            .tasks();

    assertThat(tasks)
        .extracting(task -> task.agent().fallback())
        .containsExactly(List.of("ollama", "openai"), List.of("openai", "claude"), List.of());
  }

  @Test
  void nobody_stands_in_for_a_provider_named_on_the_command_line() {
    Task task =
        TaskListFile.load(
                write("version: 1\ntasks: [{id: A, title: a, fallback: [ollama]}]"),
                configuration(new Flag("--provider", "provider", "replay")))
            .orRefuse()
            .tasks()
            .tasks()
            .getFirst();

    assertThat(task.agent()).isEqualTo(new AgentChoice("replay", Optional.empty()));
  }

  @Test
  void one_who_stands_in_must_be_there() {
    assertThatThrownBy(
            () -> load("version: 1\ntasks: [{id: A, title: a, fallback: [olama]}]").orRefuse())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("unknown provider 'olama'")
        .hasMessageContaining("did you mean 'ollama'?");
  }

  @Test
  void the_command_line_has_the_last_word_even_over_a_task() {
    Configuration configuration =
        configuration(
            new Flag("--provider", "provider", "replay"),
            new Flag("--max-turns", "limits.max_turns", "5"));

    Task task =
        TaskListFile.load(
                write(
                    "version: 1\ntasks: [{id: A, title: a, provider: other, model: opus, max_turns: 9}]"),
                configuration)
            .orRefuse()
            .tasks()
            .tasks()
            .getFirst();

    assertThat(task.agent()).isEqualTo(new AgentChoice("replay", Optional.empty()));
    assertThat(task.bounds().turns()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {id: A, desciption: x, title: b}           | 3:11 | unknown key 'desciption'
          {id: A}                                    | 3:3  | 'title' is missing
          {title: a}                                 | 3:3  | 'id' is missing
          {id: A, title: }                           | 3:11 | 'title' has no value
          {id: A, title: ~}                          | 3:11 | 'title' has no value
          {id: A, title: ""}                         | 3:18 | 'title' is empty
          {id: A, title: "a\\nb"}                    | 3:18 | 'title' has more than one line
          {id: A, title: "a\\e[2J"}                  | 3:18 | 'title' holds the control character \\x1B
          {id: A, title: [a]}                        | 3:18 | 'title' must be text, and is a list
          {id: ../x, title: a}                       | 3:8  | id: '../x' is no task id
          {id: .., title: a}                         | 3:8  | id: '..' is no task id
          {id: "T\\0", title: a}                     | 3:8  | id: 'T\\x00' holds the control character
          {id: ä, title: a}                          | 3:8  | id: 'ä' is no task id
          {id: A, title: a, depends_on: [A]}         | 3:34 | task 'A' waits for itself
          {id: A, title: a, depends_on: [B]}         | 3:34 | unknown task 'B'
          {id: A, title: a, depends_on: {B: c}}      | 3:33 | 'depends_on' must be a list
          {id: A, title: a, depends_on: [~]}         | 3:34 | an empty item in 'depends_on'
          {id: A, title: a, depends_on: [[B]]}       | 3:34 | 'depends_on' must be text, and is a list
          {id: A, title: a, pre_hooks: [unit-test]}  | 3:33 | unknown hook 'unit-test'
          {id: A, title: a, provider: othr}          | 3:31 | unknown provider 'othr'
          {id: A, title: a, max_time: 90}            | 3:31 | max_time: '90' is a number without a unit
          {id: A, title: a, max_attempts: 0}         | 3:35 | max_attempts cannot be 0
          {id: A, title: a, path: none}              | 3:27 | there is no folder 'none'
          {id: A, title: a, path: ~/x, pre_hooks: test-env} | 3:27 | there is no folder '~/x'
          {id: A, title: a, path: tasks.yml}         | 3:27 | 'tasks.yml' is a file
          {id: A, title: a, path: .git}              | 3:27 | '.git' is not a folder to work in
          {id: A, title: a, path: ""}                | 3:27 | 'path' is empty
          {id: A, title: a, metadata: {b: [c]}}      | 3:35 | 'b' must be text, and is a list
          {id: A, title: a, metadata: [b]}           | 3:31 | 'metadata' must be a mapping
          A                                          | 3:3  | each of 'tasks' must be a mapping, and this is text
          """)
  void a_fault_is_told_once_with_its_place(String task, String place, String message) {
    List<String> messages = Reports.messages(load("version: 1\ntasks:\n- " + task + "\n"));

    assertThat(messages).singleElement().asString().contains(":" + place + ": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          tasks: [{id: A, title: a}]                          | 1:1  | 'version' is missing
          version: 2¶tasks: [{id: A, title: a}]               | 1:10 | version: '2' is no version
          version: 1                                          | 1:1  | 'tasks' is missing
          version: 1¶tasks:                                   | 2:1  | 'tasks' has no value
          version: 1¶tasks: []                                | 2:8  | 'tasks' is an empty list
          version: 1¶tasks: {id: A}                           | 2:8  | 'tasks' must be a list
          version: 1¶tasks: x                                 | 2:8  | 'tasks' must be a list
          version: 1¶defaults: {id: A}¶tasks: [{id: A, title: a}]   | 2:12 | unknown key 'id'
          version: 1¶defaults: {pre_hooks: x}¶tasks: [{id: A, title: a}] | 2:23 | unknown hook 'x'
          version: 1¶hooks: {h: {}}¶tasks: [{id: A, title: a}]      | 2:12 | 'command' is missing in 'h'
          version: 1¶tasks: [{id: A, title: a}, {id: A, title: b}]  | 2:33 | id 'A' is taken by the task in line 2
          version: 1¶tasks: [{id: A, title: a}, {id: a, title: b}]  | 2:33 | id 'a' differs from 'A' in line 2 by case
          """)
  void a_fault_of_the_list_is_told_once_with_its_place(String text, String place, String message) {
    assertThat(Reports.messages(load(text.replace('¶', '\n'))))
        .singleElement()
        .asString()
        .contains(":" + place + ": " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "~\n", "---\n...\n"})
  void a_file_that_says_nothing_is_told_how_to_begin(String text) {
    assertThat(Reports.messages(load(text)))
        .singleElement()
        .asString()
        .endsWith("tasks.yml: there are no tasks in this file");
  }

  @Test
  void a_short_name_is_not_guessed_at_but_what_there_is_is_listed() {
    Loaded<TaskListFile> loaded =
        load(
            """
            version: 1
            tasks:
              - {id: T1, title: a, depends_on: T9}
              - {id: T2, title: a, provider: x}
            """);

    assertThat(((Loaded.Bad<TaskListFile>) loaded).faults())
        .extracting(Fault::cure)
        .containsExactly(
            "there are: T1, T2",
            "there are: aider, claude, claude-code, codex, gemini, gemini-cli, goose, ollama, openai, opencode, other, replay");
  }

  @Test
  void all_faults_are_told_at_once_in_the_order_of_the_file() {
    Loaded<TaskListFile> loaded =
        load(
            """
            version: 1
            tasks:
              - id: T1
                title: a
                desciption: x
                depends_on: [T9]
              - id: T1
                titel: b
                pre_hooks: [unit_test]
            """);

    assertThat(Reports.messages(loaded))
        .extracting(message -> message.substring(message.indexOf(".yml:") + 5))
        .containsExactly(
            "5:5: unknown key 'desciption'",
            "6:18: unknown task 'T9'",
            "7:5: 'title' is missing",
            "7:9: id 'T1' is taken by the task in line 3",
            "8:5: unknown key 'titel'",
            "9:17: unknown hook 'unit_test'");
  }

  @Test
  void a_cycle_is_named_in_full_and_once() {
    assertThat(
            Reports.messages(
                load(
                    """
                    version: 1
                    tasks:
                      - {id: T0, title: x, depends_on: [T1]}
                      - {id: T1, title: x, depends_on: [T3]}
                      - {id: T2, title: x}
                      - {id: T3, title: x, depends_on: [T2, T1]}
                      - {id: U1, title: x, depends_on: U2}
                      - {id: U2, title: x, depends_on: U1}
                    """)))
        .satisfiesExactly(
            m -> assertThat(m).endsWith(":4:37: tasks wait for each other: T1 → T3 → T1"),
            m -> assertThat(m).endsWith(":7:36: tasks wait for each other: U1 → U2 → U1"));
  }

  @Test
  void a_long_chain_is_no_trouble() {
    String tasks =
        IntStream.range(0, 10_000)
            .mapToObj(
                i -> "- {id: T%d, title: x, depends_on: [T%d]}\n".formatted(i, (i + 1) % 10_000))
            .collect(Collectors.joining());

    assertThat(Reports.messages(load("version: 1\ntasks:\n" + tasks)))
        .singleElement()
        .asString()
        .contains("tasks wait for each other: T0 → T1 → ")
        .endsWith(" → … → T0");
  }

  @Test
  void a_folder_may_be_missing_where_a_pre_hook_can_make_it() {
    assertThat(
            only("version: 1\ntasks: [{id: A, title: a, path: new, pre_hooks: [test-env]}]").path())
        .isEqualTo("new");
  }

  @Test
  void a_folder_may_be_missing_where_a_task_that_comes_first_can_make_it() {
    assertThat(
            Reports.messages(
                load(
                    """
                    version: 1
                    tasks:
                      - {id: Z, title: a, path: other, depends_on: A}
                      - {id: Y, title: a, path: early}
                      - {id: A, title: a, path: new, pre_hooks: [test-env]}
                      - {id: B, title: b, path: new, depends_on: [A]}
                    """)))
        .singleElement()
        .asString()
        .contains("there is no folder 'early'");
  }

  @Test
  void a_folder_may_lie_elsewhere_but_not_behind_a_link() throws IOException {
    Path elsewhere = Files.createTempDirectory(folder.getParent(), "elsewhere");
    Files.createDirectory(folder.resolve("inside"));
    Files.createSymbolicLink(folder.resolve("out"), elsewhere);
    Files.createSymbolicLink(folder.resolve("in"), folder.resolve("inside"));

    assertThat(Reports.messages(load(withPath(elsewhere.toString())))).isEmpty();
    assertThat(Reports.messages(load(withPath("../" + elsewhere.getFileName())))).isEmpty();
    assertThat(Reports.messages(load(withPath("in")))).isEmpty();
    assertThat(Reports.messages(load(withPath("out"))))
        .singleElement()
        .asString()
        .endsWith("'out' is a link that leads out of the task list's folder");
    Files.delete(elsewhere);
  }

  @Test
  void a_home_sign_is_explained() {
    Loaded<TaskListFile> loaded = load(withPath("~/repo"));

    assertThat(((Loaded.Bad<TaskListFile>) loaded).faults().getFirst().cure())
        .startsWith("'~' and '$' stand for themselves");
  }

  @Test
  void a_digest_is_of_what_is_said_and_not_of_how() {
    String digest =
        digest(
            """
            version: 1
            defaults: {post_hooks: [h], max_time: 2m}
            hooks: {h: {command: x, env: {A: "1", B: "2"}}}
            tasks: [{id: A, title: "a b", metadata: {k: v, l: w}}]
            """);

    assertThat(digest).matches("[0-9a-f]{64}");
    assertThat(
            digest(
                """
                # another layout
                tasks:
                  - title: a b
                    post_hooks: h
                    metadata:
                      l: w
                      k: "v"
                    id: 'A'
                    max_time: 120s
                hooks:
                  h:
                    env: {B: "2", A: "1"}
                    timeout: 600s
                    command: x
                version: "1"
                """))
        .isEqualTo(digest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "title: b",
        "title: a, description: d",
        "title: a, acceptance: x",
        "title: a, files: x",
        "title: a, post_hooks: unit-tests",
        "title: a, pre_hooks: unit-tests",
        "title: a, provider: other",
        "title: a, model: opus",
        "title: a, max_turns: 2",
        "title: a, max_time: 2s",
        "title: a, metadata: {a: b}",
        "title: a, path: ./",
      })
  void a_digest_tells_what_differs(String task) {
    assertThat(digest("version: 1\ntasks: [{id: A, " + task + "}]"))
        .isNotEqualTo(digest("version: 1\ntasks: [{id: A, title: a}]"));
  }

  private static String withPath(String path) {
    return "version: 1\ntasks: [{id: A, title: a, path: \"" + path + "\"}]";
  }

  private String digest(String text) {
    return load(text).orRefuse().digests().get(new TaskId("A"));
  }

  private Task only(String text) {
    List<Task> tasks = load(text).orRefuse().tasks().tasks();
    assertThat(tasks).hasSize(1);
    return tasks.getFirst();
  }

  private Loaded<TaskListFile> load(String text) {
    return TaskListFile.load(write(text), configuration());
  }

  private Path write(String text) {
    try {
      return Files.writeString(folder.resolve("tasks.yml"), text);
    } catch (IOException trouble) {
      throw new UncheckedIOException(trouble);
    }
  }

  private Configuration configuration(Flag... flags) {
    try {
      Path config = Files.writeString(folder.resolve("config.yml"), CONFIG);
      return new ConfigurationFiles(ProviderKind.all())
          .load(
              new ConfigurationSources(
                  folder, Optional.of(config), Optional.empty(), Map.of(), List.of(flags)))
          .orRefuse();
    } catch (IOException trouble) {
      throw new UncheckedIOException(trouble);
    }
  }
}
