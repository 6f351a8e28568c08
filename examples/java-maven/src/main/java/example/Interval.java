package example;

/** Whole numbers from {@code first} to {@code last}, both included. */
public record Interval(int first, int last) {

  public boolean contains(int number) {
    return number > first && number < last;
  }
}
