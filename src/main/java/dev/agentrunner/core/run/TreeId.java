package dev.agentrunner.core.run;

/**
 * Names how a folder looked: the SHA-1, in hex, that git gives to a tree of the same files. Two
 * folders with the same files have the same one.
 */
public record TreeId(String hex) {

  public TreeId {
    if (hex.length() != 40 || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      throw new IllegalArgumentException("not the name of a tree: " + hex);
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
