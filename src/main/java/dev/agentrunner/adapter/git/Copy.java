package dev.agentrunner.adapter.git;

import dev.agentrunner.adapter.git.RemoteAddress.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.eclipse.jgit.api.CloneCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.transport.TransportHttp;

/** Clones into a folder of the task's. */
final class Copy {

  private static final int SECONDS_MAX = 120;

  private final Path folder;
  private final Credentials credentials;

  /**
   * @param folder without links
   */
  Copy(Path folder, Credentials credentials) {
    this.folder = folder;
    this.credentials = credentials;
  }

  String make(RemoteAddress.Web address, String into) throws Refusal, IOException, GitAPIException {
    String name = new RepositoryPaths("").of(into);
    Path target = folder.resolve(name).normalize();
    if (name.isEmpty()
        || name.startsWith("/")
        || !target.startsWith(folder)
        || target.equals(folder)) {
      throw new Refusal("'%s' is no new folder within the task's".formatted(into));
    }
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new Refusal("there is something at %s already".formatted(into));
    }
    for (Path at = target.getParent(); at != null && !at.equals(folder); at = at.getParent()) {
      if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        throw new Refusal("%s leads through something that is no folder".formatted(into));
      }
    }
    LoneSystem.install();
    try (CheckedConnection.Factory connections = new CheckedConnection.Factory(Origin.AGENT)) {
      new CloneCommand()
          .setURI(address.uri().toString())
          .setDirectory(target.toFile())
          .setFs(new StillFiles())
          .setCloneSubmodules(false)
          .setTimeout(SECONDS_MAX)
          .setCredentialsProvider(credentials.forServer(address.uri(), false))
          .setTransportConfigCallback(transport -> {
            transport.setCheckFetchedObjects(true);
            if (transport instanceof TransportHttp http) {
              http.setHttpConnectionFactory(connections);
            }
          })
          .call()
          .close();
    }
    return "Cloned into %s.".formatted(name);
  }
}
