package dev.agentrunner.server;

/**
 * One thing that is wrong with what was sent.
 *
 * @param pointer to the member of the body, as RFC 6901 writes it; empty for the whole body
 * @param detail for people
 * @param line in the text that the member holds, from 1; 0 if it is not known
 * @param column from 1; 0 if it is not known
 */
public record Fault(String pointer, String detail, int line, int column) {

  static Fault at(String pointer, String detail) {
    return new Fault(pointer, detail, 0, 0);
  }
}
