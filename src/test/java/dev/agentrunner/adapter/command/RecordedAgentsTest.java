package dev.agentrunner.adapter.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What Claude Code was seen to print, printed again. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class RecordedAgentsTest {

  @TempDir private Path folder;

  private Agent replaying(String recording) throws IOException {
    String fixtures = System.getenv("AGENT_RUNNER_FIXTURES");
    assumeTrue(fixtures != null, "AGENT_RUNNER_FIXTURES is not set");
    return new Agent(folder, "claude-code", "cat output")
        .write(
            "output",
            Files.readString(Path.of(fixtures, "extra-claude-code", recording + ".ndjson")));
  }

  private static Reply reply(Answer answer) {
    return assertInstanceOf(Answer.Replied.class, answer, answer::toString).reply();
  }

  @Test
  void a_limit_that_is_not_reached_is_none() throws IOException {
    Reply reply = reply(replaying("01-hello-rate-limit-event").ask("Hello"));

    assertThat(reply.parts()).containsExactly(new Part.Text("Hello! How can I help you today?"));
    assertThat(reply.usage()).isEqualTo(new Usage(3, 2_131, 3_904, 12, 0, true, Cost.of(15_468)));
  }

  @Test
  void partial_messages_are_not_taken_twice() throws IOException {
    Reply reply = reply(replaying("02-partial-messages").ask("Hello"));

    assertThat(reply.parts()).containsExactly(new Part.Text("Hello! How can I help you today?"));
    assertThat(reply.model()).isEqualTo("claude-sonnet-4-6");
  }

  @Test
  void a_warning_of_a_limit_and_a_question_asked_do_no_harm() throws IOException {
    Reply reply = reply(replaying("03-ask-user-control-request").ask("Ask me"));

    assertThat(reply.parts().getFirst()).isEqualTo(new Part.Deed("AskUserQuestion", "", false));
    assertThat(reply.text()).contains("Identity only");
  }
}
