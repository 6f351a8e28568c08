package dev.agentrunner.adapter.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrunner.adapter.files.FileEventLog.Reading;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.EventLog.LostRunException;
import dev.agentrunner.port.EventLogContract;
import dev.agentrunner.testing.Samples;
import dev.agentrunner.testing.TroubledChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileEventLogTest extends EventLogContract {

  private static final TaskId TASK = new TaskId("T1");
  private static final RunEvent LAST = new RunEvent.RunFailed("for a reason");

  @TempDir private Path project;
  private final List<FileEventLog> opened = new ArrayList<>();

  @Override
  protected EventLog open() {
    return open(Reading.CHECKED);
  }

  private FileEventLog open(Reading reading) {
    var log = new FileEventLog(new RunFolders(project), reading);
    opened.add(log);
    return log;
  }

  @AfterEach
  void close() {
    opened.forEach(FileEventLog::close);
  }

  private Path file() {
    return new RunFolders(project).events(RUN);
  }

  @Test
  void a_log_that_was_cut_at_any_byte_goes_on_after_its_last_whole_line() throws Exception {
    List<Recorded> history = samples.history(12);
    List<Recorded> more = samples.history(15);
    open().append(RUN, history.subList(0, 9));
    long before = Files.size(file());
    open().append(RUN, history.subList(9, 12));
    byte[] whole = Files.readAllBytes(file());

    for (int length = (int) before; length <= whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      Files.write(file(), cut);
      int lines = (int) new String(cut, UTF_8).chars().filter(c -> c == '\n').count();

      assertThat(read(open(), RUN, 0)).isEqualTo(history.subList(0, lines));
      assertThat(read(open(Reading.AT_A_GLANCE), RUN, 0)).isEqualTo(history.subList(0, lines));
      assertThat(file()).hasBinaryContent(cut);

      try (TroubledLog hasty = new TroubledLog(channel -> channel.flushLies = true)) {
        hasty.log.append(RUN, more.subList(lines, 15));
      }
      List<Recorded> expected = new ArrayList<>(history.subList(0, lines));
      expected.addAll(more.subList(lines, 15));
      assertThat(read(open(), RUN, 0)).as("cut to %d bytes", length).isEqualTo(expected);
    }
  }

  @Test
  void a_byte_that_changed_anywhere_before_the_last_line_is_found_and_nothing_is_overwritten()
      throws Exception {
    List<Recorded> history = samples.history(Samples.eventKinds().size());
    open().append(RUN, history);
    byte[] whole = Files.readAllBytes(file());
    int lastLine = lastIndexOf(whole, '\n', whole.length - 2) + 1;

    int line = 1;
    for (int i = 0; i < lastLine; i++) {
      if (i % 11 == 0 || whole[i] == '\n') {
        byte[] damaged = whole.clone();
        damaged[i] ^= (byte) (1 << (i % 8));
        Files.write(file(), damaged);

        refusesNaming(line, () -> read(open(), RUN, 0));
        if (i % 110 == 0) {
          refusesNaming(
              line, () -> open().append(RUN, List.of(Samples.recorded(history.size() + 1, LAST))));
        }
        assertThat(file()).hasBinaryContent(damaged);
      }
      line += whole[i] == '\n' ? 1 : 0;
    }
  }

  private static int lastIndexOf(byte[] bytes, char wanted, int from) {
    int i = from;
    while (bytes[i] != wanted) {
      i--;
    }
    return i;
  }

  /**
   * Damage shows in the line that has it, or in the next one, which names the digest it should
   * have.
   */
  private void refusesNaming(int line, Runnable action) {
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(action::run)
        .withMessageMatching(
            "(?s)\\Q%s\\E:(%d|%d) is not what was written: .*Nothing was changed.*"
                .formatted(file(), line, line + 1));
  }

  @Test
  void lines_that_are_missing_or_twice_there_are_found() throws Exception {
    open().append(RUN, samples.history(10));
    List<String> lines = Files.readAllLines(file());

    Files.write(file(), Stream.concat(lines.stream().limit(4), lines.stream().skip(5)).toList());
    refusesNaming(5, () -> read(open(), RUN, 0));

    Files.write(file(), Stream.concat(lines.stream().limit(5), lines.stream().skip(4)).toList());
    refusesNaming(6, () -> read(open(), RUN, 0));
    refusesNaming(6, () -> read(open(Reading.AT_A_GLANCE), RUN, 0));
  }

  @Test
  void at_a_glance_only_what_is_asked_for_is_looked_at() throws Exception {
    List<Recorded> history = samples.history(10);
    open().append(RUN, history);
    List<String> lines = new ArrayList<>(Files.readAllLines(file()));
    lines.set(3, "rubbish");
    Files.write(file(), lines);

    assertThat(read(open(Reading.AT_A_GLANCE), RUN, 4)).isEqualTo(history.subList(4, 10));
    refusesNaming(4, () -> read(open(Reading.AT_A_GLANCE), RUN, 3));
  }

  @Test
  void the_log_of_another_run_is_refused() throws Exception {
    open().append(RUN, samples.history(2));
    RunId copy = new RunId("20261121-101530-7f3a-copy");
    Path folder = Files.createDirectories(new RunFolders(project).folder(copy));
    Files.copy(file(), folder.resolve("events.jsonl"));

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> read(open(), copy, 0))
        .withMessageContaining("it is of run " + RUN);
  }

  @Test
  void a_batch_is_one_write_and_one_flush() throws Exception {
    try (TroubledLog troubled = new TroubledLog()) {
      troubled.log.append(RUN, samples.history(50));

      assertThat(troubled.channel().writes).isEqualTo(1);
      assertThat(troubled.channel().flushes).isEqualTo(1);
    }
  }

  @Test
  void a_disk_that_takes_a_few_bytes_at_a_time_gets_them_all() throws Exception {
    List<Recorded> history = samples.history(20);
    try (TroubledLog troubled = new TroubledLog()) {
      troubled.log.append(RUN, history.subList(0, 1));
      troubled.channel().writeBytesMax = 7;
      troubled.log.append(RUN, history.subList(1, 20));
    }
    assertThat(read(open(), RUN, 0)).isEqualTo(history);
  }

  @Test
  void a_disk_that_fills_up_in_the_middle_of_a_line_leaves_the_log_as_it_was() throws Exception {
    List<Recorded> history = samples.history(20);
    try (TroubledLog troubled = new TroubledLog()) {
      troubled.log.append(RUN, history.subList(0, 10));
      byte[] before = Files.readAllBytes(file());
      for (int room : new int[] {0, 1, 100, 1_500}) {
        troubled.channel().room = room;

        assertThatExceptionOfType(EnvironmentException.class)
            .isThrownBy(() -> troubled.log.append(RUN, history.subList(10, 20)))
            .withMessage(
                "Cannot write %s: No space left on device. Make some space there, then resume the run.",
                file());
        assertThat(file()).hasBinaryContent(before);
      }
      troubled.channel().room = Long.MAX_VALUE;
      troubled.log.append(RUN, history.subList(10, 20));
    }
    assertThat(read(open(), RUN, 0)).isEqualTo(history);
  }

  @Test
  void half_a_line_that_cannot_be_taken_back_ends_the_writing() throws Exception {
    List<Recorded> history = samples.history(20);
    try (TroubledLog troubled = new TroubledLog()) {
      troubled.log.append(RUN, history.subList(0, 10));
      troubled.channel().room = 100;
      troubled.channel().truncateFails = true;
      refuses(troubled.log, history.subList(10, 20));
      troubled.channel().room = Long.MAX_VALUE;

      refuses(troubled.log, history.subList(10, 20));
      assertThat(troubled.channel().flushes).isEqualTo(1);
    }
    try (FileEventLog later = open(Reading.CHECKED)) {
      later.append(RUN, history.subList(10, 20));
    }
    assertThat(read(open(), RUN, 0)).isEqualTo(history);
  }

  @Test
  void a_flush_that_failed_is_never_tried_again() throws Exception {
    List<Recorded> history = samples.history(20);
    try (TroubledLog troubled = new TroubledLog()) {
      troubled.log.append(RUN, history.subList(0, 10));
      troubled.channel().flushFails = true;
      refuses(troubled.log, history.subList(10, 12));
      troubled.channel().flushFails = false;

      assertThatExceptionOfType(EnvironmentException.class)
          .isThrownBy(() -> troubled.log.append(RUN, history.subList(10, 12)))
          .withMessageContaining("Input/output error")
          .withMessageContaining("nothing more is written");
      assertThat(troubled.channel().flushes).isEqualTo(2);
      assertThat(troubled.channel().writes).isEqualTo(2);
    }
  }

  @Test
  void a_real_disk_that_is_full_leaves_whole_lines() throws Exception {
    try (SmallDisk disk = SmallDisk.mounted("size=64k")) {
      List<Recorded> history = samples.history(2_000);
      int written = 0;
      try (var log = new FileEventLog(new RunFolders(disk.folder()), Reading.CHECKED)) {
        for (; written < 2_000; written++) {
          log.append(RUN, history.subList(written, written + 1));
        }
        throw new AssertionError("that many events do not fit");
      } catch (EnvironmentException e) {
        assertThat(e).hasMessageContaining("No space left on device");
      }
      try (var log = new FileEventLog(new RunFolders(disk.folder()), Reading.CHECKED)) {
        assertThat(read(log, RUN, 0)).isEqualTo(history.subList(0, written));
      }
    }
  }

  @Test
  void a_log_that_is_deleted_or_grows_meanwhile_is_not_written_to() throws Exception {
    List<Recorded> history = samples.history(20);
    EventLog log = open();
    log.append(RUN, history.subList(0, 10));

    Files.write(file(), "x".getBytes(UTF_8), StandardOpenOption.APPEND);
    assertThatExceptionOfType(LostRunException.class)
        .isThrownBy(() -> log.append(RUN, history.subList(10, 11)));

    Files.delete(file());
    refuses(log, history.subList(10, 11));
    assertThat(file()).doesNotExist();
  }

  @Test
  void an_interrupted_thread_still_writes_and_stays_interrupted() {
    List<Recorded> history = samples.history(3);
    EventLog log = open();

    Thread.currentThread().interrupt();
    log.append(RUN, history);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(read(log, RUN, 0)).isEqualTo(history);
  }

  @Test
  void a_long_text_that_is_missing_or_damaged_is_named() throws Exception {
    String text = "x".repeat(100_000);
    open().append(RUN, List.of(Samples.recorded(1, new RunEvent.TaskFailed(TASK, text))));
    Path artifact = onlyFileBelow(new RunFolders(project).folder(RUN).resolve("artifacts"));

    Files.writeString(artifact, "y");
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> read(open(), RUN, 0))
        .withMessageContaining("missing or damaged: " + artifact);

    Files.delete(artifact);
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> read(open(), RUN, 0))
        .withMessageContaining("missing or damaged: " + artifact);
  }

  @Test
  void opening_removes_artifacts_that_were_being_written() throws Exception {
    List<Recorded> history = samples.history(3);
    open().append(RUN, history.subList(0, 2));
    Path artifacts =
        Files.createDirectories(new RunFolders(project).folder(RUN).resolve("artifacts"));
    Path left = Files.writeString(artifacts.resolve("ab12.1.tmp"), "half");

    read(open(), RUN, 0);
    assertThat(left).exists();

    open().append(RUN, history.subList(2, 3));
    assertThat(left).doesNotExist();
  }

  @Test
  void only_the_owner_sees_what_was_said() throws Exception {
    assumeTrue(project.getFileSystem().supportedFileAttributeViews().contains("posix"));
    open()
        .append(
            RUN, List.of(Samples.recorded(1, new RunEvent.TaskFailed(TASK, "x".repeat(100_000)))));

    try (Stream<Path> all = Files.walk(project.resolve(".agent-runner"))) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  private static void refuses(EventLog log, List<Recorded> events) {
    assertThatExceptionOfType(EnvironmentException.class).isThrownBy(() -> log.append(RUN, events));
  }

  private static Path onlyFileBelow(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files = all.filter(Files::isRegularFile).toList();
      assertThat(files).hasSize(1);
      return files.getFirst();
    }
  }

  /** A log whose disk can be told to fail. */
  private final class TroubledLog implements AutoCloseable {

    private final List<TroubledChannel> channels = new ArrayList<>();
    final FileEventLog log;

    TroubledLog() {
      this(channel -> {});
    }

    /**
     * @param trouble what is wrong with the disk from the beginning
     */
    TroubledLog(Consumer<TroubledChannel> trouble) {
      log =
          new FileEventLog(
              new RunFolders(project),
              Reading.CHECKED,
              file -> {
                var channel =
                    new TroubledChannel(
                        PrivateFiles.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
                trouble.accept(channel);
                channels.add(channel);
                return channel;
              });
    }

    /** Once something was written. */
    TroubledChannel channel() {
      return channels.getFirst();
    }

    @Override
    public void close() {
      log.close();
    }
  }
}
