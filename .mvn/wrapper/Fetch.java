import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Started by mvnw with an address, a file and its SHA-512: checks the file, after fetching it if it is not there. So a
 * machine without curl, wget or sha512sum can build, too.
 */
void main(String[] args) throws Exception {
  String address = args[0];
  Path file = Path.of(args[1]);
  String expected = args[2];

  if (!Files.exists(file)) {
    URLConnection connection = URI.create(address).toURL().openConnection();
    connection.setConnectTimeout(10_000);
    connection.setReadTimeout(60_000);
    try (InputStream in = connection.getInputStream()) {
      Files.copy(in, file);
    } catch (Exception e) {
      System.err.println("mvnw: cannot fetch " + address + ": " + e);
      System.exit(1);
    }
  }

  MessageDigest digest = MessageDigest.getInstance("SHA-512");
  try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
    Files.copy(file, out);
  }
  String actual = HexFormat.of().formatHex(digest.digest());
  if (!actual.equals(expected)) {
    System.err.println("mvnw: " + address + " is not the file that was expected");
    System.err.println("  expected SHA-512 " + expected);
    System.err.println("  but got          " + actual);
    System.exit(1);
  }
}
