package dev.agentrunner.adapter.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.task.Sandboxing;
import org.junit.jupiter.api.Test;

class LandlockTest extends ConfinementContract {

  @Override
  Sandboxing sandboxing() {
    return Sandboxing.LANDLOCK;
  }

  @Test
  void nothing_is_sent_by_datagram() {
    assertThat(held.sh("bash -c 'echo x > /dev/udp/127.0.0.1/9'").passed()).isFalse();
  }

  @Test
  void nothing_new_is_made_beside_what_is_protected() {
    assertThat(held.sh("echo x > top").passed()).isFalse();
    assertThat(held.sh("rm -r src").passed()).isFalse();
  }

  @Test
  void without_anything_protected_the_whole_folder_is_free() {
    held.readOnly.clear();
    held.writable.clear();
    held.writable.add(held.project.resolve("src").toString());

    assertThat(held.sh("echo x > src/new && mkdir src/deep").passed()).isTrue();
  }

  @Test
  void other_threads_are_as_free_as_before() {
    assertThat(held.sh("true").passed()).isTrue();
    assertThat(held.bench.sh("echo x > ../../outside/free; rm ../../outside/free").passed())
        .isTrue();
  }
}
