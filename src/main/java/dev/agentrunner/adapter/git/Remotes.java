package dev.agentrunner.adapter.git;

import dev.agentrunner.adapter.git.RemoteAddress.Origin;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;

/** The places that the repository's configuration names. */
final class Remotes {

  private static final int SECONDS_MAX = 120;

  private final InertRepository repository;
  private final Credentials credentials;

  Remotes(InertRepository repository, Credentials credentials) {
    this.repository = repository;
    this.credentials = credentials;
  }

  /** Where {@code branch} goes by default, in the order git looks. */
  Optional<String> of(String branch) {
    StoredConfig config = repository.getConfig();
    Set<String> names = config.getSubsections("remote");
    return Stream.of(
            Optional.ofNullable(config.getString("branch", branch, "pushRemote")),
            Optional.ofNullable(config.getString("remote", null, "pushDefault")),
            Optional.ofNullable(config.getString("branch", branch, "remote")),
            Optional.of(Constants.DEFAULT_REMOTE_NAME),
            names.size() == 1 ? names.stream().findFirst() : Optional.<String>empty())
        .flatMap(Optional::stream)
        .filter(names::contains)
        .findFirst();
  }

  String push(String remote, String branch) throws IOException, Refusal {
    String ref = Branches.ref(branch);
    Ref local = repository.exactRef(ref);
    if (local == null) {
      throw new Refusal("there is no branch '%s' to push".formatted(branch));
    }
    String written = address(remote);
    RemoteAddress address = RemoteAddress.of(written, Origin.USER);
    try (CheckedConnection.Factory connections = new CheckedConnection.Factory(Origin.USER);
        Transport transport = Transport.open(repository, uri(address))) {
      transport.setTimeout(SECONDS_MAX);
      if (transport instanceof TransportHttp http
          && address instanceof RemoteAddress.Web(URI uri)) {
        http.setHttpConnectionFactory(connections);
        http.setCredentialsProvider(credentials.forServer(uri, true));
      }
      RemoteRefUpdate update =
          new RemoteRefUpdate(
              repository, ref, ref, false, Constants.R_REMOTES + remote + "/" + branch, null);
      PushResult result = transport.push(NullProgressMonitor.INSTANCE, List.of(update));
      return outcome(result, ref, "%s to %s".formatted(branch, remote));
    } catch (URISyntaxException e) {
      throw new Refusal("the address of %s cannot be read".formatted(remote));
    }
  }

  private String address(String remote) throws Refusal {
    StoredConfig config = repository.getConfig();
    Set<String> names = config.getSubsections("remote");
    if (!names.contains(remote)) {
      throw new Refusal(
          "'%s' is no remote that is configured here; there %s"
              .formatted(
                  Masked.text(remote),
                  names.isEmpty() ? "is none" : "are: " + String.join(", ", names)));
    }
    return Stream.of("pushurl", "url")
        .flatMap(key -> Stream.of(config.getStringList("remote", remote, key)))
        .findFirst()
        .orElseThrow(() -> new Refusal("the remote %s has no address".formatted(remote)));
  }

  private static URIish uri(RemoteAddress address) throws URISyntaxException {
    return switch (address) {
      case RemoteAddress.Web(URI uri) -> new URIish(uri.toString());
      case RemoteAddress.Local(var path) -> new URIish(path.toString());
    };
  }

  private static String outcome(PushResult result, String ref, String what) throws Refusal {
    RemoteRefUpdate update = result.getRemoteUpdate(ref);
    String said = update.getMessage() == null ? "" : ": " + Masked.text(update.getMessage());
    return switch (update.getStatus()) {
      case OK -> "Pushed %s.".formatted(what);
      case UP_TO_DATE -> "%s was up to date.".formatted(what);
      case REJECTED_NONFASTFORWARD, REJECTED_REMOTE_CHANGED ->
          throw new Refusal(
              "%s was refused: there are commits there that are not here; nothing is forced"
                  .formatted(what));
      case NOT_ATTEMPTED, REJECTED_NODELETE, REJECTED_OTHER_REASON, NON_EXISTING, AWAITING_REPORT ->
          throw new Refusal("%s was refused%s".formatted(what, said));
    };
  }
}
