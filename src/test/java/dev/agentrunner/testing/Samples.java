package dev.agentrunner.testing;

import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStates;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes values of any record of the core, by walking what it is made of. A record that is added to
 * a sealed interface is found without being named here; one that is made of something new fails the
 * test that asks for it. The same seed gives the same values.
 */
public final class Samples {

  public static final RunId RUN = new RunId("20261121-101530-7f3a");

  private static final Instant START = Instant.parse("2026-11-21T10:15:30.123Z");

  private static final List<String> TEXTS =
      List.of(
          "Add a README",
          "two\nlines\r\nand a \t tab",
          "quotes \" and \\ and / and </script>",
          "naïve café, 日本語, emoji 👩‍🚀 and 𝄞",
          "control \u0000\u0001\u001b[31m\u007f\u0085\u2028\u2029\ufeff\uffff",
          "half a pair \ud83d here, \ude00 there and at the end \ud83d",
          "{\"$artifact\":\"looks like a body\"}");

  private final Random random;

  public Samples(long seed) {
    this.random = new Random(seed);
  }

  /** Every kind of event there is, found through the sealed hierarchy. */
  public static List<Class<?>> eventKinds() {
    return leaves(RunEvent.class).toList();
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Samples::leaves).distinct()
        : Stream.of(type);
  }

  public RunEvent event(Class<?> kind) {
    return (RunEvent) of(kind);
  }

  /** Positions 1 to {@code count}, a millisecond apart, every kind in turn. */
  public List<Recorded> history(int count) {
    List<Class<?>> kinds = eventKinds();
    return IntStream.range(0, count)
        .mapToObj(i -> recorded(i + 1, event(kinds.get(i % kinds.size()))))
        .toList();
  }

  public static Recorded recorded(long seq, RunEvent event) {
    return new Recorded(seq, START.plusMillis(seq), event);
  }

  public <T> T of(Class<T> type) {
    return type.cast(value(type));
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType of) {
      return generic((Class<?>) of.getRawType(), of.getActualTypeArguments());
    }
    Class<?> plain = (Class<?>) type;
    if (plain == String.class) {
      return text();
    } else if (plain == int.class) {
      return random.nextInt(1, 1_000);
    } else if (plain == long.class) {
      return random.nextLong(0, 1L << random.nextInt(1, 53));
    } else if (plain == boolean.class) {
      return random.nextBoolean();
    } else if (plain == Instant.class) {
      return START.plus(random.nextLong(1L << 40), ChronoUnit.NANOS);
    } else if (plain == Duration.class) {
      return Duration.ofNanos(random.nextLong(1L << 50));
    } else if (plain == TaskId.class) {
      return new TaskId("T" + random.nextInt(100));
    } else if (plain == HookId.class) {
      return new HookId("unit-tests." + random.nextInt(100));
    } else if (plain == RunId.class) {
      return new RunId("20261120-101530-" + random.nextInt(1_000, 10_000));
    } else if (plain == TreeId.class) {
      return new TreeId("%040x".formatted(random.nextLong(Long.MAX_VALUE)));
    } else if (plain == TaskStates.class) {
      return taskStates();
    } else if (plain == ToolResult.class) {
      return new ToolResult(text(), text(), "." + text(), random.nextBoolean());
    } else if (plain.isEnum()) {
      return oneOf(plain.getEnumConstants());
    } else if (plain.isSealed()) {
      return value(oneOf(plain.getPermittedSubclasses()));
    } else if (plain.isRecord()) {
      return record(plain);
    }
    throw new AssertionError("teach Samples to make a " + plain);
  }

  private Object generic(Class<?> raw, Type[] of) {
    if (raw == Optional.class) {
      return random.nextBoolean() ? Optional.of(value(of[0])) : Optional.empty();
    } else if (raw == List.class) {
      return IntStream.range(0, random.nextInt(4)).mapToObj(i -> value(of[0])).toList();
    } else if (raw == Map.class && of[1] == Object.class) {
      return json(2);
    }
    throw new AssertionError("teach Samples to make a " + raw);
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values =
        Arrays.stream(components).map(RecordComponent::getGenericType).map(this::value).toArray();
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new AssertionError("teach Samples what " + type + " takes", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private TaskStates taskStates() {
    Map<TaskId, TaskState> tasks = new LinkedHashMap<>();
    for (int i = random.nextInt(200); i > 0; i--) {
      TaskState task = of(TaskState.class);
      tasks.put(task.id(), task);
    }
    return TaskStates.of(new ArrayList<>(tasks.values()));
  }

  /** A JSON object as JDK values. */
  public Map<String, Object> json(int depth) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      members.put(
          oneOf("path", "$artifact", "$$artifact", "", "naïve 👩‍🚀 \u0000\n\""), jsonValue(depth));
    }
    return members;
  }

  private Object jsonValue(int depth) {
    return switch (random.nextInt(depth == 0 ? 6 : 8)) {
      case 0 -> random.nextBoolean();
      case 1 -> random.nextLong();
      case 2 -> new BigInteger("98765432109876543210987654321").negate();
      case 3 -> new BigDecimal(oneOf("1.50", "-0.0", "1E+400", "3", "1E-7", "0E+3"));
      case 4, 5 -> text();
      case 6 -> IntStream.range(0, random.nextInt(3)).mapToObj(i -> jsonValue(depth - 1)).toList();
      default -> json(depth - 1);
    };
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  @SafeVarargs
  private <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
