package dev.agentrunner.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A terminal that only knows what is sent to one here, and remembers all that scrolled away. */
final class Glass implements Tty {

  private static final Pattern PIECE =
      Pattern.compile("\r|\n|\u001B\\[(\\d*)([A-Za-z])|[^\r\n\u001B]+");

  private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
  private final BlockingQueue<Integer> keys = new LinkedBlockingQueue<>();
  private int row;
  private int column;
  private int writes;
  private boolean closed;

  @Override
  public int columns() {
    return 80;
  }

  @Override
  public int rows() {
    return 24;
  }

  @Override
  public synchronized void write(String text) {
    writes++;
    Matcher piece = PIECE.matcher(text);
    while (piece.find()) {
      take(piece);
    }
    notifyAll();
  }

  private void take(Matcher piece) {
    String text = piece.group();
    if (text.equals("\r")) {
      column = 0;
    } else if (text.equals("\n")) {
      row++;
      while (lines.size() <= row) {
        lines.add(new StringBuilder());
      }
    } else if (text.charAt(0) == '\u001B') {
      move(
          piece.group(2).charAt(0),
          piece.group(1).isEmpty() ? 1 : Integer.parseInt(piece.group(1)));
    } else {
      StringBuilder line = lines.get(row);
      line.append(" ".repeat(Math.max(0, column - line.length())));
      line.replace(column, Math.min(line.length(), column + text.length()), text);
      column += text.length();
    }
  }

  private void move(char how, int by) {
    switch (how) {
      case 'A' -> row -= by;
      case 'B' -> row += by;
      case 'C' -> column += by;
      case 'K' -> clearLine();
      case 'J' -> {
        clearLine();
        lines.subList(row + 1, lines.size()).clear();
      }
      case 'm' -> {}
      default -> throw new AssertionError("never sent: " + how);
    }
  }

  private void clearLine() {
    lines.get(row).setLength(Math.min(column, lines.get(row).length()));
  }

  synchronized String seen() {
    return String.join("\n", lines);
  }

  synchronized int writes() {
    return writes;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Returns when what is seen is as it should be. */
  synchronized String await(Predicate<String> wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!wanted.test(seen())) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never seen; at last:\n" + seen());
      }
      wait(1000);
    }
    return seen();
  }

  @Override
  public <T> T lend(Supplier<T> action) {
    return action.get();
  }

  @Override
  public void onReturn(Runnable action) {}

  /** Types all of that at once. */
  void type(String text) {
    text.chars().forEach(keys::add);
  }

  @Override
  public int read(long patienceMillis) {
    try {
      Integer key = keys.poll(patienceMillis, TimeUnit.MILLISECONDS);
      return isClosed() ? GONE : key == null ? NOTHING : key;
    } catch (InterruptedException e) {
      return GONE;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
