package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.adapter.yaml.Shape.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The pages on the configuration and on task lists name every key, as it is. */
final class KeyReferenceTest {

  private static final String BEGIN = "<!-- made by KeyReferenceTest from here on -->\n\n";

  @Test
  void the_page_on_the_configuration_names_every_key() throws IOException {
    assertTold("docs/configuration.md", ConfigurationKeys.all(ProviderKind.all()));
  }

  @Test
  void the_page_on_task_lists_names_every_key() throws IOException {
    assertTold("docs/tasks.md", TaskKeys.all());
  }

  /** With {@code -Dschema.write=true} the page is written anew instead. */
  private static void assertTold(String page, Group keys) throws IOException {
    Path file = Path.of(page);
    String text = Files.readString(file);
    String before = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
    String whole = before + KeyReference.of(keys).stripTrailing() + "\n";
    if (Boolean.getBoolean("schema.write")) {
      Files.writeString(file, whole);
    }
    assertThat(Files.readString(file)).isEqualTo(whole);
  }
}
