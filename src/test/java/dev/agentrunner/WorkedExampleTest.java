package dev.agentrunner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.adapter.http.HttpModel;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.adapter.http.Pulse;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.testing.NotedReply;
import dev.agentrunner.testing.ScriptedServer;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider that {@code docs/providers.md} adds compiles, and keeps what it promises. */
final class WorkedExampleTest {

  private static final String KEY = "echo-secret-123";

  @TempDir private Path folder;

  @Test
  void the_example_of_the_page_is_a_provider() throws Exception {
    var patience = Duration.ofSeconds(20);
    try (var server = new ScriptedServer();
        var loader = compiled();
        var http =
            new ProviderHttp(
                new ProviderSettings.Timeouts(patience, patience, patience), Pulse.ofMachine())) {
      ProviderSettings settings =
          new ProviderSettings(
              "echo",
              "echo",
              Optional.empty(),
              Optional.of(server.url()),
              Optional.empty(),
              new ProviderSettings.Timeouts(patience, patience, patience),
              Map.of());
      var maker =
          loader
              .loadClass("dev.agentrunner.adapter.echo.EchoModel")
              .getConstructor(
                  ProviderSettings.class,
                  Function.class,
                  ProviderHttp.class,
                  Duration.class,
                  InstantSource.class);
      Function<String, Optional<String>> keyed = name -> Optional.of(KEY);
      Function<String, Optional<String>> bare = name -> Optional.empty();
      HttpModel model =
          (HttpModel) maker.newInstance(settings, keyed, http, patience, InstantSource.system());
      HttpModel keyless =
          (HttpModel) maker.newInstance(settings, bare, http, patience, InstantSource.system());

      server.next(200, Map.of(), "{\"said\": \"Grüße\", \"in\": 3, \"out\": 1}".getBytes(UTF_8));
      assertThat(ask(model))
          .isInstanceOfSatisfying(
              Answer.Replied.class,
              answer -> {
                assertThat(answer.reply().text()).isEqualTo("Grüße");
                assertThat(answer.reply().usage().totalTokens()).isEqualTo(4);
              });
      server.next(401, Map.of(), ("bad " + KEY).getBytes(UTF_8));
      assertThat(failure(model))
          .isInstanceOf(ModelFailure.Denied.class)
          .extracting(ModelFailure::message)
          .asString()
          .contains("Check the key in ECHO_API_KEY")
          .doesNotContain(KEY);
      server.next(529, Map.of(), "busy".getBytes(UTF_8));
      assertThat(failure(model)).isInstanceOf(ModelFailure.Transient.class);
      server.next(200, Map.of(), "{\"said".getBytes(UTF_8));
      assertThat(failure(model)).isInstanceOf(ModelFailure.Transient.class);
      assertThat(failure(keyless)).isInstanceOf(ModelFailure.Denied.class);
      assertThat(keyless.missing()).isPresent();
      assertThat(server.asked()).hasSize(4);
    }
  }

  private static Answer ask(HttpModel model) {
    return model.ask(
        new ChatRequest(
            new ChatRequest.CallId("T1", 1, 1),
            "echo-1",
            "You are a test.",
            List.of(new Message.User("Hi")),
            List.of(),
            100),
        new NotedReply(),
        new StopSignal());
  }

  private static ModelFailure failure(HttpModel model) {
    return ((Answer.Failed) ask(model)).failure();
  }

  private URLClassLoader compiled() throws IOException {
    String page = Files.readString(Path.of("docs/providers.md"));
    int from = page.indexOf("```java\n") + "```java\n".length();
    Path source = folder.resolve("EchoModel.java");
    Files.writeString(source, page.substring(from, page.indexOf("```", from)));
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(exit).as("the compiler's exit code").isZero();
    return new URLClassLoader(new URL[] {folder.toUri().toURL()});
  }
}
