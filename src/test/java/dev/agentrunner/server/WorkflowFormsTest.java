package dev.agentrunner.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.server.ServedApi.Got;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WorkflowFormsTest {

  private final ServedApi api = new ServedApi();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void a_form_can_be_made_of_what_a_workflow_asks_for() {
    api.post("/workflows", "{\"name\":\"greet\",\"source\":\"version: 1\"}");

    Got got = api.get("/api/v1/workflows/greet/revisions/1/inputs");

    assertThat(got.json().at("/inputs/0/name").asText()).isEqualTo("name");
    assertThat(got.json().at("/inputs/0/default").isMissingNode()).isTrue();
    assertThat(api.get("/workflows/greet/revisions/2/inputs").status()).isEqualTo(404);
    assertThat(api.get("/workflows/none/revisions/1/inputs").status()).isEqualTo(404);
  }
}
