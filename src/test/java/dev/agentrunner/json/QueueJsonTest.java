package dev.agentrunner.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.core.queue.RunCommand.Wish;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunOrder.WorkflowRevision;
import dev.agentrunner.core.run.RunId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class QueueJsonTest {

  @Test
  void an_order_comes_back_as_it_was() {
    var order =
        new RunOrder(
            "shop",
            "version: 1\n# half a pair \ud83d and \u0000\n",
            "nightly",
            List.of("T1", "T2"),
            Map.of("agent.turns_max", "40", "$artifact", "a"),
            Map.of("team", "naïve 日本"),
            Optional.of(new WorkflowRevision("nightly", 3)),
            Optional.of(new RunId("20261121-101500-7f3a")));
    var bare =
        new RunOrder("", "", "", List.of(), Map.of(), Map.of(), Optional.empty(), Optional.empty());

    assertThat(RunOrderJson.read(RunOrderJson.write(order))).isEqualTo(order);
    assertThat(RunOrderJson.read(RunOrderJson.write(bare))).isEqualTo(bare);
    assertThat(RunOrderJson.readLabels(RunOrderJson.writeLabels(order.labels())))
        .isEqualTo(order.labels());
  }

  @Test
  void every_wish_comes_back_as_it_was() {
    for (Wish wish :
        List.of(
            new Wish.Cancel("too slow", true),
            new Wish.Pause(),
            new Wish.Resume(),
            new Wish.Decide("T1", "answer", "42"),
            new Wish.Tell(Optional.of("T1"), "be quick"),
            new Wish.Tell(Optional.empty(), ""))) {
      assertThat(WishJson.read(WishJson.write(wish))).isEqualTo(wish);
    }
  }

  @Test
  void a_wish_of_a_kind_that_is_not_known_is_refused() {
    assertThatExceptionOfType(UnreadableJsonException.class)
        .isThrownBy(() -> WishJson.read("{\"kind\":\"fly\"}".getBytes(UTF_8)))
        .withMessage("kind is not known here: fly");
  }
}
