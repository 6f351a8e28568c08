package dev.agentrunner.testing;

import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.EventJson;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps long texts for as long as the test lasts. */
public final class MemoryBodies implements Bodies {

  public final Map<String, byte[]> kept = new HashMap<>();

  @Override
  public Optional<String> keep(byte[] utf8) {
    String digest = EventJson.digest(utf8, 0, utf8.length);
    kept.put(digest, utf8);
    return Optional.of(digest);
  }

  @Override
  public byte[] find(String digest) {
    byte[] body = kept.get(digest);
    if (body == null) {
      throw new AssertionError("never kept: " + digest);
    }
    return body;
  }
}
