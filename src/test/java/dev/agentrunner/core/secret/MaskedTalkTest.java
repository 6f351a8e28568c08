package dev.agentrunner.core.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MaskedTalkTest {

  private static final String VALUE = "planted-value";
  private static final Echo ECHO = new Echo("wire", "model", "{\"thinking\":\"plain\"}");

  private final MaskedTalk talk = new MaskedTalk(Mask.of(List.of(new Secret("A_KEY", VALUE))));

  @Test
  void words_thoughts_and_arguments_are_masked() {
    Reply reply =
        talk.reply(
            reply(
                new Part.Text(VALUE),
                new Part.Thinking(VALUE),
                call(new ToolCall.Valid(Map.of("a", List.of(VALUE), "b", Map.of("c", VALUE)))),
                call(new ToolCall.Broken("{" + VALUE, "cut"))));

    assertThat(reply.toString()).doesNotContain(VALUE).contains("[masked A_KEY]");
    assertThat(reply.parts()).hasSize(4);
  }

  @Test
  void the_providers_own_form_is_kept_only_without_a_secret() {
    assertThat(talk.reply(reply(new Part.Thinking("plain"))).echo()).contains(ECHO);
    assertThat(talk.reply(reply(new Part.Thinking(VALUE))).echo()).isEmpty();
  }

  @Test
  void a_failure_stays_of_its_kind() {
    Answer answer =
        talk.answer(new Answer.Failed(new ModelFailure.Denied("no: " + VALUE), Usage.NONE));

    assertThat(answer)
        .isEqualTo(new Answer.Failed(new ModelFailure.Denied("no: [masked A_KEY]"), Usage.NONE));
  }

  private static Part call(ToolCall.Arguments arguments) {
    return new Part.Call(new ToolCall("1", "tool", arguments));
  }

  private static Reply reply(Part... parts) {
    return new Reply("model", List.of(parts), Stop.END, "", Usage.NONE, Optional.of(ECHO));
  }
}
