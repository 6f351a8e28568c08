package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.dom.DOMSource;
import javax.xml.validation.SchemaFactory;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** Reports of runs, seen from the front door. */
final class ReportTest {

  @TempDir private Path folder;

  private static ProgramDoor mixed(Path folder) {
    return new ProgramDoor(folder, Script.ofFiles().at("T4", 1, 1, Reaction.limits(7200)))
        .tasks(
            "T1, post_hooks: [pass]",
            "T2, post_hooks: [fail], max_attempts: 2",
            "T3, depends_on: [T2]",
            "T4",
            "T5");
  }

  @Test
  void markdown_tells_what_is_done_and_what_is_not_and_why() {
    try (var door = mixed(folder)) {
      door.run("run");

      Outcome report = door.run("report");

      assertThat(report.exit()).as(report.err()).isZero();
      assertThat(report.out())
          .contains("# tasks.yml: 1 pending, 1 running, 1 done, 1 failed, 1 blocked")
          .contains("A quota is used up", "It is back at 2")
          .contains("| T1 | T1 does it | done | 1 |", "| cost unknown |")
          .contains("### T2: T2 does it", "post-hook fail in attempt 2: exit 3")
          .contains("```text\nattempt 2 is no good\n```")
          .contains("| T1 | post-hook pass | passed | 1 |")
          .contains("- T1: the agent's tools changed T1.txt")
          .doesNotContain("\u001B");
    }
  }

  @Test
  void the_same_log_gives_the_same_report() {
    try (var door = mixed(folder)) {
      door.run("run");

      assertThat(door.run("report").out()).isEqualTo(door.run("report").out());
      assertThat(door.run("report", "--format", "junit").out())
          .isEqualTo(door.run("report", "--format", "junit").out());
    }
  }

  @Test
  void junit_is_valid_and_has_a_test_for_each_task() throws Exception {
    try (var door = mixed(folder)) {
      door.run("run");

      Document xml = valid(door.run("report", "--format", "junit").out());

      assertThat(at(xml, "concat(//@tests,' ',//@failures,' ',//@errors,' ',//@skipped)"))
          .isEqualTo("5 1 1 2");
      assertThat(at(xml, "count(//testcase[starts-with(@name,'T1:')]/*)")).isEqualTo("0");
      assertThat(at(xml, "//testcase[starts-with(@name,'T2:')]/failure"))
          .isEqualTo("post-hook fail in attempt 2: exit 3\nattempt 2 is no good");
      assertThat(at(xml, "//testcase[starts-with(@name,'T3:')]/skipped/@message"))
          .isEqualTo("needs T2");
      assertThat(at(xml, "//testcase[starts-with(@name,'T4:')]/error/@message"))
          .startsWith("not over: A quota is used up");
      assertThat(at(xml, "//property[@name='T2.attempts']/@value")).isEqualTo("2");
      assertThat(at(xml, "//property[@name='T2.cost_usd']/@value")).isEqualTo("unknown");
    }
  }

  @Test
  void junit_is_valid_whatever_hooks_print_and_titles_hold() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured("fail_safe: {max_attempts_per_task: 1}\n");
      door.write(
          "noise.sh",
          "printf '\\000\\001\\033[31m<failure>&amp;]]>\\342\\200\\256\\377\\n'; exit 1\n");
      door.write(
          "tasks.yml",
          """
          version: 1
          hooks: {noise: {command: [sh, noise.sh], cwd: "."}}
          tasks:
            - {id: T1, title: "a < b && \\"c\\" ]]> | `d`", post_hooks: [noise]}
          """);
      Outcome run = door.run("run");
      assertThat(run.exit()).as(run.err()).isEqualTo(1);

      Document xml = valid(door.run("report", "--format", "junit").out());

      assertThat(at(xml, "//testcase/@name")).isEqualTo("T1: a < b && \"c\" ]]> | `d`");
      assertThat(at(xml, "//failure")).contains("<failure>&amp;]]>");
      assertThat(door.run("report").out())
          .contains("a &lt; b &amp;&amp; \"c\" \\]\\]&gt; \\| \\`d\\`");
    }
  }

  @Test
  void a_run_that_was_killed_has_a_report() throws Exception {
    try (var door = mixed(folder)) {
      door.run("run");
      KilledRun.after("hook.started", door);

      Document xml = valid(door.run("report", "--format", "junit").out());

      assertThat(door.run("report").out())
          .contains("cut off", "Under way was: T1: post-hook pass.");
      assertThat(at(xml, "//testcase[starts-with(@name,'T1:')]/error/@message"))
          .contains("The program ended without a word");
    }
  }

  @Test
  void a_report_goes_into_a_file_in_place_of_what_was_there() throws Exception {
    try (var door = mixed(folder)) {
      door.run("run");
      door.write("out/junit.xml", "old");

      Outcome report = door.run("report", "--format", "junit", "--out", "out/junit.xml");

      assertThat(report.out()).isEmpty();
      valid(door.read("out/junit.xml"));
      try (var files = Files.list(door.project().resolve("out"))) {
        assertThat(files).hasSize(1);
      }
    }
  }

  @Test
  void github_is_added_to_the_summary_of_the_step() throws IOException {
    Path summary = folder.resolve("summary.md");
    Files.writeString(summary, "before\n");
    try (var door = mixed(folder).with("GITHUB_STEP_SUMMARY", summary.toString())) {
      door.run("run");

      Outcome report = door.run("report", "--format", "github");

      assertThat(report.out()).isEmpty();
      assertThat(Files.readString(summary)).startsWith("before\n# tasks.yml").contains("## Tasks");
    }
  }

  @Test
  void reports_that_are_configured_are_written_however_the_run_ends() throws Exception {
    Path summary = folder.resolve("summary.md");
    try (var door = mixed(folder).with("GITHUB_STEP_SUMMARY", summary.toString())) {
      door.configured(
          """
          report:
            - {format: junit, file: build/junit.xml}
            - {format: markdown, file: build/report.md}
            - {format: github}
          """);

      Outcome stopped = door.run("run");
      Document first = valid(door.read("build/junit.xml"));
      String markdown = door.read("build/report.md");
      Outcome ended = door.run("resume");
      Document second = valid(door.read("build/junit.xml"));

      assertThat(stopped.exit()).isEqualTo(75);
      assertThat(at(first, "//testsuite/@errors")).isEqualTo("1");
      assertThat(markdown).contains("A quota is used up");
      assertThat(ended.exit()).isEqualTo(1);
      assertThat(at(second, "//testsuite/@errors")).isEqualTo("0");
      assertThat(Files.readString(summary)).contains("A quota is used up", "1 task failed");
    }
  }

  @Test
  void a_report_that_cannot_be_written_changes_nothing_but_is_warned_of() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured("report: [{format: junit, file: taken}]\n");
      door.write("taken/by-a-folder", "");
      door.tasks("T1");

      Outcome run = door.run("run");

      assertThat(run.exit()).isZero();
      assertThat(run.err()).contains("Warning: a report was not written: cannot write taken");
    }
  }

  @Test
  void a_report_without_a_file_is_a_fault_of_the_configuration() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured("report: [{format: junit}]\n");
      door.tasks("T1");

      Outcome run = door.run("run");

      assertThat(run.exit()).isEqualTo(2);
      assertThat(run.err()).contains("a report without a file");
    }
  }

  @Test
  void configured_reports_can_be_shown() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured("report: [{format: junit, file: build/junit.xml}]\n");

      assertThat(door.run("config", "show").out())
          .contains("report", "[{format: junit, file: build/junit.xml}]");
    }
  }

  private static Document valid(String text)
      throws ParserConfigurationException, IOException, SAXException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document document =
        factory
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(ReportTest.class.getResource("/junit-strict.xsd"))
        .newValidator()
        .validate(new DOMSource(document));
    return document;
  }

  private static String at(Document document, String path) throws XPathExpressionException {
    return XPathFactory.newInstance().newXPath().evaluate(path, document);
  }
}
