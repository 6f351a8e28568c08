package dev.agentrunner.adapter.sql;

import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.EventJson;
import java.util.Map;
import java.util.Optional;

/** Gathers long texts, to be written together with the lines that name them. */
record GatheredBodies(Map<String, byte[]> gathered) implements Bodies {

  @Override
  public Optional<String> keep(byte[] utf8) {
    String digest = EventJson.digest(utf8, 0, utf8.length);
    gathered.put(digest, utf8);
    return Optional.of(digest);
  }

  @Override
  public byte[] find(String digest) {
    throw new IllegalStateException("only gathers");
  }
}
