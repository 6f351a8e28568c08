package dev.agentrunner;

import dev.agentrunner.port.Confinement;
import dev.agentrunner.port.Confinements;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds commands to the folder they run in: that is writable, the home folder looks empty, the rest
 * can only be read. The user's own files in the folder stay as they are, and so do the runner's.
 *
 * @param own files of the user's that no command may write, absolute
 * @param environment the runner's own
 */
record LocalConfinements(List<Path> own, Optional<Path> home, Map<String, String> environment)
    implements Confinements {

  private static final long PROCESSES_MAX = 512;
  private static final long FILE_BYTES_MAX = 1L << 30;
  private static final List<String> CLOSED = List.of(".git", ".agent-runner");

  @Override
  public Confinement of(String folder, boolean network, List<String> variables) {
    Path place = Path.of(folder);
    List<String> readOnly = new ArrayList<>();
    CLOSED.forEach(name -> readOnly.add(place.resolve(name).toString()));
    own.stream().filter(file -> file.startsWith(place)).map(Path::toString).forEach(readOnly::add);
    List<String> masked =
        home.filter(path -> path.getNameCount() > 0).map(Path::toString).stream().toList();
    return new Confinement(
        List.of(folder),
        readOnly,
        masked,
        network,
        environment(variables),
        PROCESSES_MAX,
        FILE_BYTES_MAX);
  }

  private Map<String, String> environment(List<String> variables) {
    Map<String, String> given = new HashMap<>();
    given.put("PATH", environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"));
    given.put("LANG", environment.getOrDefault("LANG", "C.UTF-8"));
    given.put("HOME", "/tmp");
    given.put("TERM", "dumb");
    for (String name : variables) {
      Optional.ofNullable(environment.get(name)).ifPresent(value -> given.put(name, value));
    }
    return given;
  }
}
