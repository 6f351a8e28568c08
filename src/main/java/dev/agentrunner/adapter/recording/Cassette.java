package dev.agentrunner.adapter.recording;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest.CallId;
import java.util.Map;
import java.util.Optional;

/**
 * What stands in a cassette.
 *
 * @param header of the file
 * @param entries by the question they answer
 * @param systemTexts by their digests, as far as the cassette holds them
 * @param wholeBytes how much of the file is sound; what follows is the rest of a recording that was
 *     killed
 */
record Cassette(
    Header header,
    Map<CallId, Entry> entries,
    Map<String, String> systemTexts,
    long wholeBytes,
    boolean torn) {

  /**
   * @param recorded whether it was recorded; otherwise a person wrote it
   */
  record Header(Optional<String> model, boolean recorded) {}

  /**
   * One answer.
   *
   * @param line where it begins
   */
  record Entry(int line, Asked asked, Answer answer) {}
}
