package dev.agentrunner;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps the house as it was drawn: who may see whom, which library lives where, and what the core
 * must not touch.
 */
final class HouseTest {

  private static final String BASE = "dev.agentrunner";

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(BASE);

  /**
   * The rooms of the house, each with the other rooms it sees. Main, in the base package, sees all.
   */
  private static final Map<String, List<String>> SIGHT =
      new TreeMap<>(
          Map.of(
              "core", List.of(),
              "port", List.of("core"),
              "engine", List.of("core", "port"),
              "json", List.of("core"),
              "adapter", List.of("core", "port", "json"),
              "cli", List.of("core", "port", "json", "engine"),
              "server", List.of("core", "port", "json", "engine")));

  /**
   * Libraries, each with the rooms it is used in. Who brings a new one says here where it lives.
   */
  private static final Map<String, List<String>> LIBRARIES =
      new TreeMap<>(
          Map.ofEntries(
              entry("com.fasterxml.jackson..", List.of("json..", "adapter..", "server..")),
              entry("org.yaml.snakeyaml..", List.of("adapter.yaml..", "adapter.recording..")),
              entry("com.github.difflib..", List.of("adapter..", "cli..")),
              entry("okhttp3..", List.of("adapter..")),
              entry("okio..", List.of("adapter..")),
              entry("io.github.resilience4j..", List.of("adapter.files..")),
              entry("org.eclipse.jgit..", List.of("adapter.git..")),
              entry("org.jline..", List.of("cli..")),
              entry("io.helidon..", List.of("server..")),
              entry("io.prometheus..", List.of("server..")),
              entry("org.jdbi..", List.of("adapter.sql..")),
              entry("com.zaxxer..", List.of("adapter.sql..")),
              entry("org.flywaydb..", List.of("adapter.sql..")),
              entry("org.sqlite..", List.of("adapter.sql..")),
              entry("org.postgresql..", List.of("adapter.sql..")),
              entry("com.github.kagkarlsson..", List.of("adapter.sql..")),
              entry("org.slf4j..", List.of("engine..", "adapter..", "cli..", "server..")),
              entry("picocli..", List.of("cli.."))));

  private static final DescribedPredicate<JavaClass> IN_THE_HOUSE =
      resideInAPackage(BASE + "..").as("the house");

  /** Also what is nested in them. */
  private static final DescribedPredicate<JavaClass> MAIN_OR_WIRING =
      describe("Main, Wiring or one of its neighbours", c -> c.getPackageName().equals(BASE));

  // Arrows

  @ParameterizedTest
  @MethodSource("rooms")
  void a_room_sees_only_the_rooms_below_it(String room) {
    List<String> seen = new ArrayList<>(SIGHT.get(room));
    seen.add(room);

    check(
        classes()
            .that()
            .resideInAPackage(BASE + "." + room + "..")
            .should()
            .onlyDependOnClassesThat(not(IN_THE_HOUSE).or(inRooms(seen))));
  }

  static Stream<String> rooms() {
    return SIGHT.keySet().stream();
  }

  @Test
  void every_class_is_in_a_room_that_was_drawn() {
    List<String> drawn = new ArrayList<>(List.of(packages(SIGHT.keySet())));
    drawn.add(BASE);

    check(classes().should().resideInAnyPackage(drawn.toArray(String[]::new)));
  }

  @Test
  void an_adapter_sees_no_other_adapter_but_http() {
    check(
        slices()
            .matching(BASE + ".adapter.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideInAPackage(BASE + ".adapter.http..")));
  }

  @Test
  void only_main_and_wiring_pick_adapters() {
    check(
        noClasses()
            .that(not(resideInAPackage(BASE + ".adapter..")).and(not(MAIN_OR_WIRING)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(BASE + ".adapter.."));
  }

  @Test
  void nothing_sees_the_base_package_but_itself() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(BASE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(BASE));
  }

  @Test
  void packages_do_not_go_in_circles() {
    check(slices().matching(BASE + ".(**)").should().beFreeOfCycles());
  }

  // Libraries

  @ParameterizedTest
  @MethodSource("libraries")
  void a_library_is_used_only_where_it_lives(String library) {
    check(
        noClasses()
            .that(not(inRooms(LIBRARIES.get(library))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library));
  }

  static Stream<String> libraries() {
    return LIBRARIES.keySet().stream();
  }

  @Test
  void every_library_has_said_where_it_lives() {
    List<String> known = new ArrayList<>(LIBRARIES.keySet());
    known.addAll(List.of("java..", "javax..", "org.jspecify..", BASE + ".."));

    check(
        classes()
            .should()
            .onlyDependOnClassesThat(plain(resideInAnyPackage(known.toArray(String[]::new)))));
  }

  // The core

  @Test
  void the_core_knows_values_and_nothing_that_acts() {
    var values =
        resideInAnyPackage(
            BASE + ".core..",
            "java.lang..",
            "java.math..",
            "java.nio.charset..",
            "java.security..",
            "java.text..",
            "java.time..",
            "java.util..",
            "org.jspecify..");
    var acting =
        resideInAnyPackage("java.util.concurrent..", "java.util.logging..", "java.util.prefs..")
            .or(type(java.time.Clock.class))
            .or(type(java.util.Timer.class))
            .or(type(Process.class))
            .or(type(ProcessBuilder.class))
            .or(type(ProcessHandle.class))
            .or(type(Runtime.class))
            .or(type(Thread.class))
            .or(type(ThreadLocal.class));

    check(
        classes()
            .that()
            .resideInAPackage(BASE + ".core..")
            .should()
            .onlyDependOnClassesThat(plain(values.and(not(acting)))));
  }

  @Test
  void the_core_does_not_ask_for_the_time_or_chance_or_surroundings() {
    check(
        noClasses()
            .that()
            .resideInAPackage(BASE + ".core..")
            .should()
            .accessTargetWhere(describe("the answer is not in the arguments", HouseTest::impure)));
  }

  private static boolean impure(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    String name = access.getTarget().getName();
    return switch (owner.getName()) {
      case "java.lang.System" -> !Set.of("arraycopy", "lineSeparator").contains(name);
      case "java.lang.Math", "java.lang.StrictMath" -> name.equals("random");
      case "java.util.UUID" -> name.equals("randomUUID");
      case "java.util.Locale", "java.util.TimeZone", "java.nio.charset.Charset" ->
          Set.of("getDefault", "defaultCharset").contains(name);
      case "java.time.ZoneId" -> name.equals("systemDefault");
      case "java.util.Random", "java.util.Date", "java.security.SecureRandom" ->
          name.equals("<init>")
              && access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget made
              && made.getRawParameterTypes().isEmpty();
      default -> owner.getPackageName().startsWith("java.time") && name.equals("now");
    };
  }

  // Habits

  @Test
  void only_main_ends_the_program() {
    check(
        noClasses()
            .that(not(belongTo(type(Main.class))))
            .should()
            .accessTargetWhere(
                describe(
                    "the program ends",
                    access ->
                        Set.of("java.lang.System", "java.lang.Runtime")
                                .contains(access.getTargetOwner().getName())
                            && Set.of("exit", "halt").contains(access.getTarget().getName()))));
  }

  @Test
  void nothing_is_injected_into_fields() {
    check(NO_CLASSES_SHOULD_USE_FIELD_INJECTION);
  }

  @Test
  void static_fields_are_constants() {
    check(
        fields()
            .that()
            .areStatic()
            .should()
            .beFinal()
            .andShould()
            .notHaveRawType(
                resideInAPackage("java.util.concurrent..")
                    .and(not(JavaClass.Predicates.ENUMS))
                    .or(type(ThreadLocal.class))
                    .or(type(StringBuilder.class))));
  }

  @Test
  void every_package_says_what_it_is_for_and_is_null_marked() {
    List<String> unmarked =
        HOUSE.getPackage(BASE).getSubpackagesInTree().stream()
            .filter(p -> !p.getClasses().isEmpty())
            .filter(p -> !nullMarked(p))
            .map(JavaPackage::getName)
            .toList();

    assertThat(unmarked).as("packages without @NullMarked in package-info.java").isEmpty();
    assertThat(nullMarked(HOUSE.getPackage(BASE))).as("base package").isTrue();
  }

  private static boolean nullMarked(JavaPackage p) {
    return p.tryGetPackageInfo().map(i -> i.isAnnotatedWith(NullMarked.class)).orElse(false);
  }

  private static void check(ArchRule rule) {
    // Rooms that nobody has moved into yet break no rule.
    rule.allowEmptyShould(true).check(HOUSE);
  }

  private static DescribedPredicate<JavaClass> inRooms(Iterable<String> rooms) {
    return resideInAnyPackage(packages(rooms)).as("in %s", rooms);
  }

  private static String[] packages(Iterable<String> rooms) {
    List<String> packages = new ArrayList<>();
    for (String room : rooms) {
      packages.add(BASE + "." + (room.endsWith("..") ? room : room + ".."));
    }
    return packages.toArray(String[]::new);
  }

  /** Primitive types, which live in no package, are everybody's; an array is what it is made of. */
  private static DescribedPredicate<JavaClass> plain(DescribedPredicate<JavaClass> wanted) {
    return describe(
        wanted.getDescription(),
        c -> c.getBaseComponentType().isPrimitive() || wanted.test(c.getBaseComponentType()));
  }
}
