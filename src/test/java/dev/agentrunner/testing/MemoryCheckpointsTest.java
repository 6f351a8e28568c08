package dev.agentrunner.testing;

import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.CheckpointsContract;
import java.util.Map;
import java.util.TreeMap;

class MemoryCheckpointsTest extends CheckpointsContract {

  private final Map<String, String> files = new TreeMap<>();
  private final MemoryCheckpoints checkpoints = new MemoryCheckpoints(files);

  @Override
  protected Checkpoints checkpoints() {
    return checkpoints;
  }

  @Override
  protected String folder() {
    return "/tasks";
  }

  @Override
  protected void write(String path, String text) {
    files.put(path, text);
  }

  @Override
  protected void delete(String path) {
    files.remove(path);
  }

  @Override
  protected Map<String, String> files() {
    return new TreeMap<>(files);
  }
}
