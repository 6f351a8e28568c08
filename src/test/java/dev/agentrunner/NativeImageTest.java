package dev.agentrunner;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * What a native image cannot find out by itself is listed, and nothing unlisted is needed. The
 * image is built elsewhere.
 */
class NativeImageTest {

  private static final String METADATA =
      "/META-INF/native-image/dev.agentrunner/agent-runner/reachability-metadata.json";
  private static final String PICOCLI =
      "/META-INF/native-image/picocli-generated/dev.agentrunner/agent-runner/reflect-config.json";

  /** The one class that calls functions of the C library, all by one function of numbers. */
  private static final String CALLS = "dev.agentrunner.adapter.process.LandlockCalls";

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.agentrunner");

  private static JsonNode read(String resource) throws IOException {
    try (InputStream in = NativeImageTest.class.getResourceAsStream(resource)) {
      return new ObjectMapper().readTree(in);
    }
  }

  @Test
  void every_resource_that_ships_is_listed() throws IOException {
    Set<String> listed =
        StreamSupport.stream(read(METADATA).path("resources").spliterator(), false)
            .map(entry -> entry.path("glob").asText())
            .collect(toSet());

    assertThat(listed).isEqualTo(shipped());
  }

  private static Set<String> shipped() throws IOException {
    Set<String> shipped =
        new HashSet<>(Set.of("dev/agentrunner/version.properties", "dev/agentrunner/cli/help.txt"));
    Path resources = Path.of("src/main/resources");
    try (Stream<Path> files = Files.walk(resources)) {
      files
          .filter(Files::isRegularFile)
          .map(file -> resources.relativize(file).toString().replace('\\', '/'))
          .filter(name -> !name.startsWith("META-INF/"))
          .forEach(shipped::add);
    }
    return shipped;
  }

  @Test
  void what_is_listed_is_there() throws ReflectiveOperationException, IOException {
    for (JsonNode resource : read(METADATA).path("resources")) {
      assertThat(NativeImageTest.class.getResource("/" + resource.path("glob").asText()))
          .as(resource.toString())
          .isNotNull();
    }
    for (JsonNode type : read(METADATA).path("reflection")) {
      if (type.path("type").isTextual()) {
        Class<?> listed = Class.forName(type.path("type").asText());
        for (JsonNode field : type.path("fields")) {
          assertThat(listed.getField(field.path("name").asText())).isNotNull();
        }
      } else {
        assertThat(Class.forName(type.at("/type/proxy/0").asText()).isInterface()).isTrue();
      }
    }
  }

  @Test
  void every_command_and_every_class_with_options_is_listed_by_the_annotation_processor()
      throws IOException {
    Set<String> listed =
        StreamSupport.stream(read(PICOCLI).spliterator(), false)
            .map(entry -> entry.path("name").asText())
            .collect(toSet());

    assertThat(listed)
        .containsAll(
            HOUSE.stream()
                .filter(one ->
                    one.isAnnotatedWith(picocli.CommandLine.Command.class)
                        || one.getFields().stream()
                            .anyMatch(
                                field -> field.isAnnotatedWith(picocli.CommandLine.Option.class)))
                .map(one -> one.getName())
                .collect(toSet()));
  }

  @Test
  void nobody_here_uses_reflection_or_looks_for_services() {
    noClasses()
        .that(resideInAPackage("dev.agentrunner.."))
        .and()
        .doNotHaveFullyQualifiedName(CALLS)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.lang.reflect..", "java.lang.invoke..")
                .and(
                    com.tngtech.archunit.base.DescribedPredicate.not(
                        com.tngtech.archunit.core.domain.JavaClass.Predicates.type(
                            java.lang.invoke.MethodHandles.Lookup.class))))
        .orShould()
        .dependOnClassesThat(
            com.tngtech.archunit.core.domain.JavaClass.Predicates.type(
                java.util.ServiceLoader.class))
        .check(HOUSE);
    assertThat(
            HOUSE.stream()
                .flatMap(one -> one.getMethodCallsFromSelf().stream())
                .filter(call ->
                    call.getTargetOwner().getName().equals("java.lang.Class")
                        && call.getTarget().getName().equals("forName"))
                .map(JavaMethodCall::getDescription))
        .isEmpty();
  }

  @Test
  void what_is_called_in_the_c_library_is_listed() throws IOException {
    assertThat(
            HOUSE.stream()
                .flatMap(one -> one.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTarget().getName().equals("downcallHandle"))
                .map(call -> call.getOriginOwner().getName()))
        .containsExactly(CALLS);
    assertThat(read(METADATA).at("/foreign/downcalls"))
        .hasToString(
            """
            [{"returnType":"long",\
            "parameterTypes":["long","long","long","long","long","long"],\
            "options":{"firstVariadicArg":1}}]\
            """);
  }

  @Test
  void jackson_is_never_asked_to_bind_a_class() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("com.fasterxml.jackson.databind.annotation.JsonDeserialize")
        .check(HOUSE);
    assertThat(
            HOUSE.stream()
                .flatMap(one -> one.getMethodCallsFromSelf().stream())
                .filter(call ->
                    call.getTargetOwner()
                            .getName()
                            .startsWith("com.fasterxml.jackson.databind.ObjectMapper")
                        && Set.of("readValue", "convertValue", "treeToValue", "valueToTree")
                            .contains(call.getTarget().getName()))
                .map(JavaMethodCall::getDescription))
        .isEmpty();
  }
}
