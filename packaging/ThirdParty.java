import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Prints what libraries are in the program and under which licences, from the bill of materials.
 * {@code ThirdParty.java SBOM}; fails if there is one whose licence is not told.
 */
final class ThirdParty {

  private ThirdParty() {}

  public static void main(String[] arguments) throws IOException {
    JsonNode bill = new ObjectMapper().readTree(Path.of(arguments[0]).toFile());
    var lines = new TreeSet<String>();
    for (JsonNode component : bill.path("components")) {
      List<String> licences = new ArrayList<>();
      for (JsonNode choice : component.path("licenses")) {
        JsonNode licence = choice.path("license");
        licences.add(
            choice
                .path("expression")
                .asText(licence.path("id").asText(licence.path("name").asText())));
      }
      String name =
          "%s:%s %s"
              .formatted(
                  component.path("group").asText(),
                  component.path("name").asText(),
                  component.path("version").asText());
      if (component.path("name").asText().equals("jline")) {
        // Its pom says "The BSD License", which the bill guesses from, and the address of this one.
        licences = List.of("BSD-3-Clause");
      }
      if (licences.isEmpty() || licences.contains("")) {
        throw new IllegalStateException(name + " tells no licence");
      }
      lines.add("%-62s %s".formatted(name, String.join(" or ", licences)));
    }
    System.out.println("Libraries that are part of agent-runner, and their licences:\n");
    lines.forEach(System.out::println);
    System.out.println(
        """

        The texts that came with them are in licences, that of Apache-2.0 in LICENSE, and those of the Java runtime (OpenJDK, GPL-2.0
        with Classpath Exception) in runtime/legal.""");
  }
}
