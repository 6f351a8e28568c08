package dev.agentrunner.adapter.sql;

import dev.agentrunner.core.run.RunId;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.port.EnvironmentException;
import java.util.Optional;

/** Finds the long texts of a run. */
record StoredBodies(Transactions transactions, RunId run) implements Bodies {

  @Override
  public Optional<String> keep(byte[] utf8) {
    throw new IllegalStateException("only finds");
  }

  @Override
  public byte[] find(String digest) {
    return transactions
        .read(session -> EventRows.body(session, run, digest))
        .orElseThrow(() ->
            new EnvironmentException(
                "The log of run %s names a text that is missing: %s. Put the database back from a backup."
                    .formatted(run, digest)));
  }
}
