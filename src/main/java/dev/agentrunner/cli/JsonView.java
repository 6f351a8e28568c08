package dev.agentrunner.cli;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.json.ReportJson;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * The events on standard output, one JSON object a line, closed by one of type {@code summary}.
 * Warnings go to standard error.
 */
final class JsonView implements View {

  private final Screen screen;
  private final EventJson events;

  JsonView(Screen screen, EventJson events) {
    this.screen = screen;
    this.events = events;
  }

  @Override
  public void opening(Opening opening) {
    opening.paying().stream().map(Screen::harmless).forEach(screen.err()::println);
    opening.prepared().warnings().forEach(screen.err()::println);
  }

  @Override
  public void recorded(Recorded recorded, RunState state) {
    RunId run = state.run();
    line(events.write(run, recorded));
  }

  @Override
  public void waiting(Instant due, Instant now) {}

  @Override
  public void closing(Ending ending) {
    line(ReportJson.summary(ending.state(), ending.exit().number(), ending.folder()));
  }

  private void line(byte[] json) {
    try {
      OutputStream out = screen.out();
      out.write(json);
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
