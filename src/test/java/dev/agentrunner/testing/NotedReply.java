package dev.agentrunner.testing;

import dev.agentrunner.port.ChatModel.Watcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a watcher is told. */
public final class NotedReply implements Watcher {

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<Duration> silences = new CopyOnWriteArrayList<>();
  private volatile Runnable onText = () -> {};

  /** Has {@code action} run after each piece of text. */
  public NotedReply onText(Runnable action) {
    onText = action;
    return this;
  }

  @Override
  public void text(String delta) {
    text.append(delta);
    onText.run();
  }

  @Override
  public void thinking(String delta) {
    thinking.append(delta);
  }

  @Override
  public void call(String name) {
    calls.add(name);
  }

  @Override
  public void silence(Duration since) {
    silences.add(since);
  }

  public String text() {
    return text.toString();
  }

  public String thinking() {
    return thinking.toString();
  }

  public List<String> calls() {
    return calls;
  }

  public List<Duration> silences() {
    return silences;
  }
}
