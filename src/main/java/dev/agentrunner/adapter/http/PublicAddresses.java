package dev.agentrunner.adapter.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Tells addresses out in the open from those of this machine, its networks and its provider's
 * services. Sources: the special-purpose registries of IANA; AntiSSRF's list of ranges (MIT), read
 * 2026-11. What embeds an IPv4 address in an IPv6 one is never in the open.
 */
public final class PublicAddresses {

  private static final List<Range> OWN_NETWORKS =
      ranges("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7");

  private static final List<Range> CLOSED =
      ranges(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "168.63.129.16/32",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.31.196.0/24",
          "192.52.193.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "192.175.48.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "::/96",
          "64:ff9b::/96",
          "64:ff9b:1::/48",
          "100::/64",
          "100:0:0:1::/64",
          "2001::/23",
          "2001:db8::/32",
          "2002::/16",
          "2620:4f:8000::/48",
          "3fff::/20",
          "5f00::/16",
          "fc00::/7",
          "fe80::/10",
          "fec0::/10",
          "ff00::/8");

  private PublicAddresses() {}

  /** Whether anybody on the internet would reach the same machine. */
  public static boolean isPublic(InetAddress address) {
    return CLOSED.stream().noneMatch(range -> range.holds(address.getAddress()));
  }

  /** Whether it is this machine or one of a private network. */
  public static boolean isOwn(InetAddress address) {
    return OWN_NETWORKS.stream().anyMatch(range -> range.holds(address.getAddress()));
  }

  /**
   * Whether {@code host} could be taken for an IPv4 address by some programs and for another one,
   * or for a name, by others: {@code 0177.0.0.1}, {@code 0x7f.1}, {@code 2130706433}.
   */
  public static boolean isAmbiguous(String host) {
    String[] parts = host.split("\\.", -1);
    int last = parts.length > 1 && parts[parts.length - 1].isEmpty() ? parts.length - 2 : -1;
    String end = last < 0 ? parts[parts.length - 1] : parts[last];
    boolean numeric = end.matches("[0-9]+|0[xX][0-9a-fA-F]*");
    return numeric && !isPlain(parts);
  }

  private static boolean isPlain(String[] parts) {
    return parts.length == 4
        && Arrays.stream(parts)
            .allMatch(part -> part.matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(part) <= 255);
  }

  private static List<Range> ranges(String... written) {
    return Arrays.stream(written).map(Range::of).toList();
  }

  /** The addresses that begin with the same {@code bits}. */
  @SuppressWarnings("ArrayRecordComponent") // Compared with nothing, and seen by nobody.
  private record Range(byte[] prefix, int bits) {

    static Range of(String written) {
      int slash = written.indexOf('/');
      InetAddress address = InetAddress.ofLiteral(written.substring(0, slash));
      return new Range(address.getAddress(), Integer.parseInt(written.substring(slash + 1)));
    }

    boolean holds(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
