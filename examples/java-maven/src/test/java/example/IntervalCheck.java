package example;

/** Run with {@code java -ea}: no library is needed. */
public final class IntervalCheck {

  private IntervalCheck() {}

  public static void main(String[] args) {
    var interval = new Interval(3, 5);
    assert interval.contains(3) : "3 is in 3..5";
    assert interval.contains(5) : "5 is in 3..5";
    assert !interval.contains(6) : "6 is not in 3..5";
    System.out.println("all checks passed");
  }
}
