package dev.agentrunner.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RunsTest {

  private final ServedApi api = new ServedApi();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void a_goal_becomes_a_queued_run_that_can_be_looked_at() {
    ServedApi.Got made =
        api.post("/runs", "{\"goal\":\"Mend the door\",\"labels\":{\"team\":\"core\"}}");

    assertThat(made.status()).isEqualTo(201);
    String id = made.json().path("id").asText();
    assertThat(made.header("location")).isEqualTo("/api/v1/runs/" + id);
    assertThat(api.submitted).containsExactly(new RunId(id));
    JsonNode run = api.get("/api/v1/runs/" + id).json();
    assertThat(run.path("status").asText()).isEqualTo("QUEUED");
    assertThat(run.path("phase").asText()).isEqualTo("dispatching");
    assertThat(run.path("project").asText()).isEqualTo("shop");
    assertThat(run.path("labels").path("team").asText()).isEqualTo("core");
    assertThat(api.store.run(new RunId(id)).orElseThrow().order().list())
        .contains("\"description\":\"Mend the door\"");
  }

  @Test
  void tasks_may_be_a_text_an_object_or_a_list() {
    String list = "[{\"id\":\"T1\",\"title\":\"a\"}]";

    assertThat(list("\"tasks: []\"")).isEqualTo("tasks: []");
    assertThat(list("{\"version\":1,\"tasks\":" + list + "}"))
        .isEqualTo("{\"version\":1,\"tasks\":" + list + "}");
    assertThat(list(list)).contains("\"tasks\":" + list);
  }

  private String list(String tasks) {
    ServedApi.Got made = api.post("/runs", "{\"tasks\":" + tasks + "}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    var id = new RunId(made.json().path("id").asText());
    return api.store.run(id).orElseThrow().order().list();
  }

  @Test
  void a_workflow_is_made_into_a_list_and_its_revision_is_kept() {
    api.post("/workflows", "{\"name\":\"nightly\",\"source\":\"steps: []\"}");

    ServedApi.Got made = api.post("/runs", "{\"workflow\":\"nightly\",\"inputs\":{\"a\":1}}");

    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(made.json().path("workflow").asText()).isEqualTo("nightly");
    assertThat(made.json().path("workflow_revision").asInt()).isEqualTo(1);
    assertThat(api.get("/runs?workflow=nightly").json().path("runs")).hasSize(1);
    assertThat(api.get("/runs?workflow=other").json().path("runs")).isEmpty();
  }

  @Test
  void what_cannot_be_started_is_refused_with_the_place_of_the_fault() {
    ServedApi.Got refused = api.post("/runs", "{\"tasks\":\"wrong\"}");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
    JsonNode error = refused.json().path("errors").path(0);
    assertThat(error.path("pointer").asText()).isEqualTo("/tasks");
    assertThat(error.path("line").asInt()).isEqualTo(3);
    assertThat(error.path("column").asInt()).isEqualTo(7);
    assertThat(api.submitted).isEmpty();
  }

  @Test
  void a_dry_run_says_what_would_be_done_and_does_nothing() {
    ServedApi.Got dry = api.post("/runs", "{\"goal\":\"x\",\"dry_run\":true}");

    assertThat(dry.status()).isEqualTo(200);
    assertThat(dry.json().path("tasks").asText()).contains("\"goal\"");
    assertThat(api.get("/runs").json().path("runs")).isEmpty();
  }

  @Test
  void every_member_at_fault_is_named() {
    ServedApi.Got refused =
        api.post(
            "/runs",
            "{\"goal\":1,\"labels\":{\"a b\":\"x\",\"ok\":2},\"only\":[\"../x\"],\"status\":\"COMPLETED\"}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().path("errors").findValuesAsText("pointer"))
        .contains("/goal", "/labels/a b", "/labels/ok", "/only", "/status");
  }

  @Test
  void a_list_is_read_page_by_page_and_misses_none() {
    for (int i = 0; i < 7; i++) {
      api.run();
    }

    String cursor = "";
    int seen = 0;
    do {
      JsonNode page = api.get("/runs?limit=3" + cursor).json();
      seen += page.path("runs").size();
      cursor = page.has("next_cursor") ? "&cursor=" + page.path("next_cursor").asText() : "";
    } while (!cursor.isEmpty());

    assertThat(seen).isEqualTo(7);
  }

  @Test
  void runs_are_found_by_status_phase_and_label() {
    RunId over = api.run();
    api.writer(over).started().completed();
    api.post("/runs", "{\"goal\":\"x\",\"labels\":{\"team\":\"core\"}}");

    assertThat(api.get("/runs?status=completed").json().path("runs")).hasSize(1);
    assertThat(api.get("/runs?status=QUEUED,RUNNING").json().path("runs")).hasSize(1);
    assertThat(api.get("/runs?phase=over").json().path("runs")).hasSize(1);
    assertThat(api.get("/runs?label=team%3Dcore").json().path("runs")).hasSize(1);
    assertThat(api.get("/runs?label=team%3Dother").json().path("runs")).isEmpty();
    assertThat(api.get("/runs?status=NOPE").status()).isEqualTo(400);
  }

  @Test
  void labels_are_changed_only_by_who_has_seen_the_last_ones() {
    RunId run = api.run();
    String path = "/runs/" + run;
    String tag = api.get(path).header("etag");

    assertThat(api.send("PATCH", path, "{\"labels\":{}}").status()).isEqualTo(428);
    ServedApi.Got changed = api.send("PATCH", path, "{\"labels\":{\"a\":\"1\"}}", "If-Match", tag);
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    assertThat(changed.json().path("labels").path("a").asText()).isEqualTo("1");
    assertThat(api.send("PATCH", path, "{\"labels\":{}}", "If-Match", tag).status()).isEqualTo(412);
  }

  @Test
  void an_event_does_not_stand_in_the_way_of_changing_labels_but_shows_in_the_tag() {
    RunId run = api.run();
    String path = "/runs/" + run;
    String tag = api.get(path).header("etag");
    assertThat(api.get(path, "If-None-Match", tag).status()).isEqualTo(304);

    api.writer(run).started();

    assertThat(api.get(path, "If-None-Match", tag).status()).isEqualTo(200);
    assertThat(api.send("PATCH", path, "{\"labels\":{}}", "If-Match", tag).status()).isEqualTo(200);
  }

  @Test
  void only_a_run_that_is_over_is_removed() {
    RunId run = api.run();

    ServedApi.Got refused = api.send("DELETE", "/runs/" + run, null);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().path("current_status").asText()).isEqualTo("QUEUED");
    api.writer(run).started().completed();
    assertThat(api.send("DELETE", "/runs/" + run, null).status()).isEqualTo(204);
    assertThat(api.get("/runs/" + run).status()).isEqualTo(404);
  }

  @Test
  void a_run_that_is_over_is_tried_again_as_a_new_one() {
    RunId run = api.run();
    assertThat(api.post("/runs/" + run + "/retry", null).status()).isEqualTo(409);
    api.writer(run).started().append(new RunEvent.RunFailed("no"));

    ServedApi.Got again = api.post("/runs/" + run + "/retry", null);

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.json().path("retry_of").asText()).isEqualTo(run.value());
    assertThat(again.json().path("id").asText()).isNotEqualTo(run.value());
    assertThat(api.submitted).hasSize(2);
  }

  @Test
  void the_same_request_with_the_same_key_makes_one_run() {
    String body = "{\"goal\":\"x\"}";
    ServedApi.Got first = api.post("/runs", body, "Idempotency-Key", "k1");
    ServedApi.Got second = api.post("/runs", body, "Idempotency-Key", "k1");
    ServedApi.Got other = api.post("/runs", "{\"goal\":\"y\"}", "Idempotency-Key", "k1");

    assertThat(second.status()).isEqualTo(201);
    assertThat(second.header("idempotency-replayed")).isEqualTo("true");
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(second.header("location")).isEqualTo(first.header("location"));
    assertThat(other.status()).isEqualTo(422);
    assertThat(api.get("/runs").json().path("runs")).hasSize(1);
  }

  @Test
  void a_request_that_was_refused_may_be_sent_again_with_its_key() {
    assertThat(api.post("/runs", "{\"tasks\":\"wrong\"}", "Idempotency-Key", "k").status())
        .isEqualTo(422);
    assertThat(api.post("/runs", "{\"tasks\":\"right\"}", "Idempotency-Key", "k").status())
        .isEqualTo(201);
  }

  @Test
  void a_request_that_is_still_being_answered_is_not_answered_twice() {
    api.registry.reserve("local", "k", digestOf("{\"goal\":\"x\"}"));

    ServedApi.Got refused = api.post("/runs", "{\"goal\":\"x\"}", "Idempotency-Key", "k");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("idempotency-under-way");
  }

  private static String digestOf(String body) {
    return Keys.digest("POST /runs\n" + body);
  }

  @Test
  void steps_are_told_from_the_events() {
    RunId run = api.run();
    api.writer(run)
        .started()
        .append(
            new RunEvent.ModelAsked(ServedApi.TASK, 1, 1),
            new RunEvent.ModelAsked(ServedApi.TASK, 1, 1));

    JsonNode steps = api.get("/runs/" + run + "/steps").json().path("steps");

    assertThat(steps).hasSize(2);
    assertThat(steps.path(0).path("kind").asText()).isEqualTo("model");
    assertThat(steps.path(0).path("status").asText()).isEqualTo("interrupted");
    assertThat(steps.path(1).path("status").asText()).isEqualTo("running");
  }
}
