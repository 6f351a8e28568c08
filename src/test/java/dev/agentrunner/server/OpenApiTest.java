package dev.agentrunner.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OpenApiTest {

  private final ServedApi api = new ServedApi();
  private final JsonNode description = api.get("/openapi.json").json();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void every_route_is_described_and_every_description_is_routed() {
    Set<String> described = new TreeSet<>();
    description
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .fieldNames()
                .forEachRemaining(method ->
                    described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    Set<String> routed = new TreeSet<>();
    api.server
        .routes()
        .forEach(route -> routed.add(route.method() + " " + plain(route.template())));

    assertThat(described).isEqualTo(routed);
  }

  @Test
  void queries_scopes_and_bodies_are_those_of_the_routes() {
    for (Route route : api.server.routes()) {
      JsonNode operation = operation(route);
      Set<String> queries = new HashSet<>();
      for (JsonNode parameter : operation.path("parameters")) {
        if (parameter.path("in").asText().equals("query")) {
          queries.add(parameter.path("name").asText());
        }
      }
      String name = route.method() + " " + route.template();
      assertThat(queries).as(name).isEqualTo(route.queries());
      assertThat(operation.has("security")).as(name).isEqualTo(route.scope().isEmpty());
      route
          .scope()
          .ifPresent(scope ->
              assertThat(operation.path("description").asText())
                  .as(name)
                  .contains("scope " + Shown.lower(scope)));
      Set<String> bodies = new HashSet<>();
      operation.path("requestBody").path("content").fieldNames().forEachRemaining(bodies::add);
      assertThat(bodies).as(name).isEqualTo(route.sends());
      assertThat(operation.toString().contains("IdempotencyKey"))
          .as(name)
          .isEqualTo(route.creates());
    }
  }

  /** In descriptions, a place cannot say that it takes the rest of the path. */
  private static String plain(String template) {
    return template.replace("+}", "}");
  }

  private JsonNode operation(Route route) {
    return description
        .path("paths")
        .path(plain(route.template()))
        .path(route.method().toLowerCase(Locale.ROOT));
  }

  @Test
  void it_is_a_description_of_openapi_3_1() {
    assertThat(description.path("openapi").asText()).startsWith("3.1.");
    assertThat(description.path("info").path("title").asText()).isNotEmpty();
    Set<String> ids = new HashSet<>();
    for (Route route : api.server.routes()) {
      JsonNode operation = operation(route);
      assertThat(ids.add(operation.path("operationId").asText())).as(route.template()).isTrue();
      assertThat(operation.path("responses")).as(route.template()).isNotEmpty();
      operation
          .path("responses")
          .fieldNames()
          .forEachRemaining(status -> assertThat(status).matches("[1-5]\\d\\d"));
      assertThat(places(operation)).isEqualTo(places(plain(route.template())));
    }
    for (JsonNode reference : description.findValues("$ref")) {
      assertThat(description.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  private static List<String> places(JsonNode operation) {
    List<String> places = new ArrayList<>();
    for (JsonNode parameter : operation.path("parameters")) {
      if (parameter.path("in").asText().equals("path")) {
        assertThat(parameter.path("required").asBoolean()).isTrue();
        places.add(parameter.path("name").asText());
      }
    }
    return places;
  }

  private static List<String> places(String template) {
    List<String> places = new ArrayList<>();
    Matcher place = Pattern.compile("\\{(\\w+)}").matcher(template);
    while (place.find()) {
      places.add(place.group(1));
    }
    return places;
  }

  @Test
  void the_page_to_try_it_needs_nothing_from_elsewhere() {
    ServedApi.Got page = api.get("/docs");

    assertThat(page.header("content-type")).startsWith("text/html");
    assertThat(page.header("content-security-policy"))
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(page.text())
        .doesNotContain("http")
        .doesNotContain("style=")
        .doesNotContain("onclick");
    Matcher needed = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.text());
    while (needed.find()) {
      assertThat(api.get("/" + needed.group(1)).status()).as(needed.group(1)).isEqualTo(200);
    }
    assertThat(api.get("/docs.js").text()).doesNotContain("innerHTML").doesNotContain("eval");
  }
}
