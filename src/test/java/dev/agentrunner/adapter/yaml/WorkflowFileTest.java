package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.adapter.yaml.Loaded.Bad;
import dev.agentrunner.core.queue.WorkflowInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkflowFileTest {

  private static final String GREETER =
      """
      version: 1
      inputs:
        name: {description: Whom to greet}
        loud: {type: boolean, default: false}
      steps:
        - id: ready
          command: test -d .
        - id: write
          agent: |
            Write a greeter.
            It greets {{inputs.name}}.
          files: ["*.sh"]
        - id: check
          command: ./greet {{inputs.name}}
          timeout: 10s
        - id: polish
          agent: Make it {{ inputs.loud }}.
      """;

  @Test
  void a_step_with_an_agent_is_a_task_after_the_one_before() {
    String list = made(GREETER, Map.of("name", "Ada"));

    assertThat(list)
        .contains("\"id\":\"write\",\"title\":\"Write a greeter.\"")
        .contains("It greets Ada.")
        .contains("\"id\":\"polish\",\"title\":\"Make it false.\",\"depends_on\":[\"write\"]");
  }

  @Test
  void a_command_is_a_gate_of_the_step_before_and_the_first_what_the_first_needs() {
    String list = made(GREETER, Map.of("name", "Ada"));

    assertThat(list).contains("\"pre_hooks\":[\"ready\"]").contains("\"post_hooks\":[\"check\"]");
  }

  @Test
  void an_input_is_no_command_whatever_is_in_it() {
    String list = made(GREETER, Map.of("name", "Ada'; rm -rf /; '"));

    assertThat(list).contains("./greet 'Ada'\\\\''; rm -rf /; '\\\\'''");
  }

  @Test
  void what_is_put_in_is_not_read_again() {
    assertThat(made(GREETER, Map.of("name", "{{inputs.loud}}")))
        .contains("It greets {{inputs.loud}}.");
  }

  @Test
  void a_task_list_is_the_smallest_workflow() {
    assertThat(made("version: 1\ntasks: [{id: T1, title: Do it}]\n", Map.of()))
        .contains("\"tasks\":[{\"id\":\"T1\",\"title\":\"Do it\"}]");
  }

  @Test
  void inputs_that_will_not_do_are_named() {
    WorkflowFile.Made made = workflow(GREETER).taskList(Map.of("loud", "perhaps", "nmae", "Ada"));

    assertThat(made)
        .isEqualTo(
            new WorkflowFile.Made.Refused(
                Map.of(
                    "nmae", "is no input; there are: name, loud",
                    "name", "is missing",
                    "loud", "must be true or false")));
  }

  @Test
  void faults_are_told_with_their_place() {
    assertThat(faults("version: 1\nsteps:\n  - id: a\n    agnet: Do it\n"))
        .contains("w.yml:4:5")
        .contains("agent");
    assertThat(faults("version: 1\nsteps:\n  - {id: a, command: make}\n")).contains("no step");
    assertThat(faults("version: 1\nsteps:\n  - {id: a, agent: x}\n  - {id: a, agent: y}\n"))
        .contains("there is another 'a'");
    assertThat(faults("version: 1\nsteps:\n  - {id: a, agent: 'Do {{inputs.x}}'}\n"))
        .contains("there is no input 'x'");
    assertThat(faults("version: 1\nsteps:\n  - {id: a, command: x, files: [y]}\n"))
        .contains("'files' goes with agent");
    assertThat(faults("version: 1\n")).contains("nothing to do");
    assertThat(faults("")).contains("says nothing");
  }

  @Test
  void what_it_asks_for_is_told_in_its_order() {
    assertThat(workflow(GREETER).inputs())
        .containsExactly(
            new WorkflowInput("name", "Whom to greet", "string", List.of(), Optional.empty()),
            new WorkflowInput("loud", "", "boolean", List.of(), Optional.of("false")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"maven-bootstrap", "change-and-check"})
  void those_that_ship_are_sound(String name) throws IOException {
    String source =
        Files.readString(Path.of("src/main/resources/dev/agentrunner/workflow", name + ".yml"));

    assertThat(WorkflowFile.read(source, name)).isInstanceOf(Loaded.Good.class);
  }

  private static WorkflowFile workflow(String source) {
    return WorkflowFile.read(source, "w.yml").orRefuse();
  }

  private static String made(String source, Map<String, Object> inputs) {
    return ((WorkflowFile.Made.List) workflow(source).taskList(inputs)).json();
  }

  private static String faults(String source) {
    return FaultReport.of(((Bad<WorkflowFile>) WorkflowFile.read(source, "w.yml")).faults());
  }
}
