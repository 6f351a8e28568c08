package dev.agentrunner.adapter.git;

import dev.agentrunner.adapter.http.PublicAddresses;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** An address of a repository that may be spoken to. */
sealed interface RemoteAddress {

  /**
   * Over the network.
   *
   * @param uri http or https, with a host that is a name or a plain address
   */
  record Web(URI uri) implements RemoteAddress {}

  /** A folder of this machine. */
  record Local(Path path) implements RemoteAddress {}

  /** Whose address it is. */
  enum Origin {
    /** The agent's: it must be out in the open. */
    AGENT,
    /** In the repository's configuration: it may be on this machine and in private networks. */
    USER
  }

  static RemoteAddress of(String written, Origin origin) throws Refusal {
    if (written.isBlank() || written.startsWith("-")) {
      throw new Refusal("this is no address but an option, or nothing at all");
    }
    if (written.chars().anyMatch(c -> c <= ' ' || c == 0x7f || c == '\\')) {
      throw new Refusal("an address may hold no blank, no backslash and no control character");
    }
    String shown = Masked.text(written);
    if (Forms.HELPER.matcher(written).find()) {
      throw new Refusal(shown + " would run a remote helper, which is a program; use https");
    }
    if (Forms.WEB.matcher(written).find()) {
      return web(written, shown, origin);
    }
    if (written.toLowerCase(Locale.ROOT).startsWith("file:")
        || !Forms.REMOTE.matcher(written).find()) {
      return local(written, shown, origin);
    }
    throw new Refusal(
        "%s: only https and http are spoken here; use the https address of the same repository"
            .formatted(shown));
  }

  private static RemoteAddress web(String written, String shown, Origin origin) throws Refusal {
    URI uri;
    try {
      uri = new URI(written);
    } catch (URISyntaxException e) {
      throw new Refusal(shown + " is no web address");
    }
    String host = uri.getHost();
    if (host == null
        || host.startsWith("-")
        || uri.getRawFragment() != null
        || uri.getPort() > 65_535) {
      throw new Refusal(shown + " is no web address");
    }
    if (origin == Origin.AGENT && uri.getRawUserInfo() != null) {
      throw new Refusal(shown + " holds a name or password; give it without");
    }
    if (PublicAddresses.isAmbiguous(host)) {
      throw new Refusal(
          "the host of %s can be read in several ways; name it plainly".formatted(shown));
    }
    if (host.startsWith("[") || host.matches("[0-9.]+")) {
      check(literal(host, shown), shown, origin);
    }
    return new Web(uri);
  }

  private static InetAddress literal(String host, String shown) throws Refusal {
    try {
      return InetAddress.ofLiteral(
          host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    } catch (IllegalArgumentException e) {
      throw new Refusal(shown + " names no address");
    }
  }

  /** Whether {@code address} may be dialled. */
  static boolean isOpen(InetAddress address, Origin origin) {
    return PublicAddresses.isPublic(address)
        || (origin == Origin.USER && PublicAddresses.isOwn(address));
  }

  private static void check(InetAddress address, String shown, Origin origin) throws Refusal {
    if (!isOpen(address, origin)) {
      throw new Refusal(shown + " is not out in the open: only public addresses may be reached");
    }
  }

  private static RemoteAddress local(String written, String shown, Origin origin) throws Refusal {
    if (origin == Origin.AGENT) {
      throw new Refusal(shown + " is a folder of this machine; only https addresses are cloned");
    }
    String path =
        written.toLowerCase(Locale.ROOT).startsWith("file:") ? filePath(written, shown) : written;
    Path local = Path.of(path);
    if (!local.isAbsolute()) {
      throw new Refusal(shown + ": write the whole path");
    }
    return new Local(local);
  }

  private static String filePath(String written, String shown) throws Refusal {
    try {
      URI uri = new URI(written);
      String authority = uri.getAuthority();
      if (uri.getPath() != null && (authority == null || authority.isEmpty())) {
        return uri.getPath();
      }
    } catch (URISyntaxException e) {
      throw new Refusal(shown + " is no address of a file");
    }
    throw new Refusal(shown + " is no address of a file on this machine");
  }

  /** How addresses look. */
  final class Forms {

    private static final Pattern HELPER = Pattern.compile("^[A-Za-z0-9+.-]+::");
    private static final Pattern WEB = Pattern.compile("^(?i)https?:");

    /** A scheme, or {@code host:path} as ssh takes it. */
    private static final Pattern REMOTE =
        Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*:|[^/]*@|[^/]*:)");

    private Forms() {}
  }
}
