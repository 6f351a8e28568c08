package dev.agentrunner;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Whoever a provider counts, told apart without naming a secret. */
final class Account {

  private static final int BYTES = 8;

  private Account() {}

  /** Such as {@code claude-0f3a…}, the same for the same address and key. */
  static String of(String kind, String address, String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\n", kind, address, key).getBytes(StandardCharsets.UTF_8));
      return kind + "-" + HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
