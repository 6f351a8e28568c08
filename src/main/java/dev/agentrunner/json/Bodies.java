package dev.agentrunner.json;

import java.util.Optional;

/**
 * Where texts that are too long for a line are kept. The line then holds {@code
 * {"$artifact":"<digest>","bytes":N}} in place of the text.
 */
public interface Bodies {

  /** A text that takes more bytes of UTF-8 than this is kept apart. */
  int INLINE_BYTES_MAX = 64 * 1024;

  /** Every text stays in its line, however long. */
  Bodies INLINE =
      new Bodies() {
        @Override
        public Optional<String> keep(byte[] utf8) {
          return Optional.empty();
        }

        @Override
        public byte[] find(String digest) {
          throw new UnreadableJsonException(
              "there are no artifacts here to find " + digest + " in");
        }
      };

  /** Keeps a text durably and returns its SHA-256 in hex; empty if it is to stay in the line. */
  Optional<String> keep(byte[] utf8);

  /** The text with that digest. Throws what fits if there is none. */
  byte[] find(String digest);
}
