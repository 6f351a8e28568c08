package dev.agentrunner.adapter.http;

import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What it means that a call broke off. */
final class ConnectionTrouble {

  private static final int QUOTED_MAX = 200;

  private final String host;
  private final Timeouts timeouts;
  private final String whenUnreachable;

  /**
   * @param whenUnreachable what people can do when nobody listens at the other end
   */
  ConnectionTrouble(String host, Timeouts timeouts, String whenUnreachable) {
    this.host = host;
    this.timeouts = timeouts;
    this.whenUnreachable = whenUnreachable;
  }

  /** Whether the trouble came before anything was sent, so that nothing can have been charged. */
  static boolean beforeSending(IOException trouble) {
    return trouble instanceof UnknownHostException
        || trouble instanceof ConnectException
        || trouble instanceof NoRouteToHostException
        || trouble instanceof SSLHandshakeException
        || trouble instanceof SSLPeerUnverifiedException
        || whileConnecting(trouble);
  }

  ModelFailure explain(IOException trouble) {
    return switch (trouble) {
      case OversizeException e ->
          new ModelFailure.Unusable(
              "%s sends what cannot be a reply: it holds %s. Check base_url."
                  .formatted(host, e.getMessage()));
      case UnknownHostException _ ->
          passing("%s cannot be found. Check the network and base_url.".formatted(host));
      case ConnectException e ->
          passing(
              "%s cannot be reached (%s). %s".formatted(host, quoted(root(e)), whenUnreachable));
      case NoRouteToHostException e ->
          passing("%s cannot be reached (%s). Check the network.".formatted(host, quoted(e)));
      case SSLException e -> tls(e);
      case SocketTimeoutException e when whileConnecting(e) ->
          passing("No connection to %s within %s.".formatted(host, shown(timeouts.connect())));
      case SocketTimeoutException _ ->
          passing("%s has sent nothing for %s.".formatted(host, shown(timeouts.silence())));
      case InterruptedIOException _ when Thread.currentThread().isInterrupted() ->
          new ModelFailure.Canceled("The call to %s was interrupted.".formatted(host));
      case InterruptedIOException _ ->
          passing("%s has not finished within %s.".formatted(host, shown(timeouts.total())));
      default ->
          passing("The connection to %s was cut (%s).".formatted(host, quoted(root(trouble))));
    };
  }

  private ModelFailure tls(SSLException trouble) {
    String why = quoted(root(trouble));
    boolean cut = caused(trouble, EOFException.class) || caused(trouble, SocketException.class);
    boolean lasting =
        trouble instanceof SSLPeerUnverifiedException
            || caused(trouble, CertificateException.class)
            || (trouble instanceof SSLHandshakeException && !cut)
            || why.contains("Unsupported or unrecognized SSL message");
    if (!lasting) {
      return passing("The connection to %s was cut (%s).".formatted(host, why));
    }
    return new ModelFailure.Denied(
        ("No trusted connection to %s (TLS: %s). Check base_url, the clock, and whether a proxy"
                + " needs its certificate installed.")
            .formatted(host, why));
  }

  private static ModelFailure passing(String message) {
    return new ModelFailure.Transient(message, Optional.empty());
  }

  private static boolean whileConnecting(IOException trouble) {
    String message = trouble.getMessage();
    return trouble instanceof SocketTimeoutException
        && message != null
        && message.toLowerCase(Locale.ROOT).contains("connect");
  }

  private static boolean caused(Throwable trouble, Class<? extends Throwable> kind) {
    for (Throwable t = trouble.getCause(); t != null; t = t.getCause()) {
      if (kind.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static Throwable root(Throwable trouble) {
    Throwable root = trouble;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String quoted(Throwable trouble) {
    String message = trouble.getMessage();
    return Excerpt.of(message == null ? trouble.getClass().getSimpleName() : message, QUOTED_MAX);
  }

  private static String shown(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
