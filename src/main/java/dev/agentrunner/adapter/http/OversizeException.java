package dev.agentrunner.adapter.http;

import java.io.IOException;

/** More came than any reply of a model is long. */
public final class OversizeException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param what was too large, to follow "the reply holds"
   */
  public OversizeException(String what) {
    super(what);
  }
}
