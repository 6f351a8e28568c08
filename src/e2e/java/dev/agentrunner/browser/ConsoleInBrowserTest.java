package dev.agentrunner.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The console as people use it: in a real Chromium, on the real program. */
final class ConsoleInBrowserTest {

  private static final double PATIENCE_MS = 60_000;
  private static final Pattern RUN = Pattern.compile("#/runs/[0-9]{8}-.*");
  private static final String HOSTILE = "<img src=x onerror=alert(1)>";

  private static final String SLOW =
      """
      version: 1
      hooks:
        slow: {command: "for i in $(seq 300); do echo tick $i; sleep 1; done", timeout: 10m}
      tasks:
        - id: wait
          title: Wait for a long time
          pre_hooks: [slow]
      """;

  private static final String ASKING =
      """
      version: 1
      hooks:
        ready: "echo the door is shut; test -e no-such-file"
      tasks:
        - id: door
          title: Mend the %s door
          pre_hooks: [ready]
      """
          .formatted(HOSTILE);

  @TempDir private static Path folder;

  private static Playwright playwright;
  private static Browser browser;
  private static ServedQuickstart served;

  private final List<String> complaints = new ArrayList<>();
  private final List<String> hosts = new ArrayList<>();
  private BrowserContext context;
  private Page page;

  @BeforeAll
  static void begin() throws IOException {
    Optional<Path> chromium =
        Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(chromium.isPresent(), "there is no Chromium on this machine");
    served = new ServedQuickstart(Files.createDirectories(folder.resolve("served")));
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium.get())
                    .setTimeout(PATIENCE_MS)
                    .setArgs(List.of("--no-sandbox")));
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
  }

  @AfterAll
  static void end() {
    Stream.of(browser, playwright, served)
        .filter(one -> one != null)
        .forEach(one -> {
          try {
            one.close();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  @BeforeEach
  void open() {
    open(new Browser.NewContextOptions().setViewportSize(1200, 760), served);
  }

  private void open(Browser.NewContextOptions options, ServedQuickstart at) {
    if (context != null) {
      context.close();
    }
    context = browser.newContext(options);
    page = context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.onPageError(complaints::add);
    page.onConsoleMessage(message -> {
      // What the server says no to is no fault of the page.
      boolean refused = message.text().startsWith("Failed to load resource");
      if (message.type().equals("error") && !refused) {
        complaints.add(message.text());
      }
    });
    page.onRequest(request -> {
      URI asked = URI.create(request.url());
      if (!"blob".equals(asked.getScheme())) {
        hosts.add(asked.getAuthority());
      }
    });
    page.navigate(at.address() + "/");
  }

  @AfterEach
  void noPageBreaksAndNoneAsksAnotherHost() {
    if (context != null) {
      context.close();
    }
    assertThat(complaints).isEmpty();
    assertThat(hosts).allMatch(host -> host.startsWith("127.0.0.1:"));
  }

  private Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private Locator status() {
    return page.locator(".facts .badge").first();
  }

  private void go(String hash) {
    page.navigate(page.url().replaceAll("#.*", "") + hash);
  }

  /** Asks for a run by the form, and returns once its page is shown. */
  private void ask(String tasks, String label) {
    go("#/new");
    page.getByLabel("A task list").check();
    page.getByLabel("Task list", new Page.GetByLabelOptions().setExact(true)).fill(tasks);
    page.getByText("Labels, options, single tasks").click();
    page.getByLabel("Labels", new Page.GetByLabelOptions().setExact(true)).fill(label);
    button("Start the run").click();
    page.waitForURL(RUN);
  }

  private static String quickstart() {
    try {
      return Files.readString(Path.of("examples/quickstart/tasks.yml"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_run_is_asked_for_watched_and_looked_through() throws IOException {
    go("#/new");
    page.getByLabel("A task list").check();
    page.getByLabel("Task list", new Page.GetByLabelOptions().setExact(true)).fill(quickstart());
    assertThat(page.getByText("Nothing is wrong with it.")).isVisible();
    page.getByText("Labels, options, single tasks").click();
    page.getByLabel("Labels", new Page.GetByLabelOptions().setExact(true)).fill("of=double-click");
    button("Start the run").dblclick();
    page.waitForURL(RUN);

    assertThat(page.locator(".feed .lines")).containsText("model.replied");
    assertThat(status()).hasText(Pattern.compile("completed"));
    assertThat(page.locator(".task")).hasCount(3);
    assertThat(page.locator(".step em.failed")).containsText("failed");
    assertThat(page.locator(".feed .state")).hasText("The run is over");

    page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Changes")).click();
    assertThat(page.locator(".diff tr.added").first()).containsText("sh todo.sh count");
    page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Artifacts")).click();
    button("View report.md").click();
    assertThat(page.locator("dialog .view")).containsText("fix-done");
    button("Close").click();
    Download download = page.waitForDownload(() -> button("Save changes.diff").click());
    assertThat(download.suggestedFilename()).isEqualTo("changes.diff");
    assertThat(Files.readString(download.path())).contains("+    sh todo.sh count");
    page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Cost")).click();
    assertThat(page.locator("figure canvas")).isVisible();

    go("#/runs?label=of%3Ddouble-click");
    assertThat(page.locator(".runs tbody tr")).hasCount(1);
    assertThat(page.locator(".runs tbody tr")).containsText("3/3");
  }

  @Test
  void a_fault_in_a_task_list_is_shown_where_it_is() {
    go("#/new");
    page.getByLabel("A task list").check();
    Locator list = page.getByLabel("Task list", new Page.GetByLabelOptions().setExact(true));
    list.fill("version: 1\ntasks:\n  - id: a\n    titel: b\n");

    Locator fault =
        page.locator("#tasks-faults .fault", new Page.LocatorOptions().setHasText("titel"));
    assertThat(fault).containsText("line 4, column 5");
    fault.click();
    assertThat(list).isFocused();
    assertThat(list.evaluate("area => area.selectionStart")).isEqualTo(32);
  }

  @Test
  void a_long_run_streams_what_it_prints_and_is_canceled() {
    ask(SLOW, "of=slow");

    assertThat(page.locator(".said")).containsText("tick 2");
    button("Cancel").click();
    page.getByLabel("Reason (may be left out)").fill("no time");
    button("Cancel the run").click();

    assertThat(status()).hasText(Pattern.compile("canceled"));
    assertThat(page.locator(".note").last()).containsText("no time");
    assertThat(button("Retry")).isVisible();
  }

  @Test
  void a_stream_that_breaks_is_taken_up_where_it_was() {
    ask(ASKING, "of=stream");
    assertThat(page.locator(".question")).isVisible();
    String id = page.url().replaceAll(".*/runs/", "");
    String events =
        page.request().get(served.address() + "/api/v1/runs/" + id + "/events?limit=1").text();
    String begun = events.substring("{\"events\":[".length(), events.indexOf("],\"next_since_seq"));
    List<String> seen = new ArrayList<>();
    page.route(
        "**/events/stream",
        route -> {
          seen.add(route.request().headerValue("Last-Event-ID"));
          var cut = new Route.FulfillOptions().setContentType("text/event-stream");
          switch (seen.size()) {
            case 1 ->
                route.fulfill(cut.setBody("id: 1\nevent: run.started\ndata: " + begun + "\n\n"));
            case 2 -> route.fulfill(cut.setBody("event: resync\ndata: {\"last_seq\":1}\n\n"));
            default -> route.resume();
          }
        });

    page.reload();

    assertThat(page.locator(".question")).isVisible();
    assertThat(page.locator(".feed .state")).hasText("Live");
    assertThat(page.locator(".feed .type").first()).hasText("run.started");
    assertThat(page.locator(".feed .type", new Page.LocatorOptions().setHasText("run.started")))
        .hasCount(1);
    assertThat(seen).startsWith("0", "1", "1");
    cancelAtOnce();
  }

  private void cancelAtOnce() {
    button("Cancel").click();
    button("End it at once").click();
    assertThat(status()).hasText(Pattern.compile("canceled"));
  }

  @Test
  void a_run_stands_still_and_goes_on() {
    ask(SLOW, "of=pause");
    assertThat(page.locator(".said")).containsText("tick 1");

    button("Pause").click();
    assertThat(status()).hasText(Pattern.compile("paused"));
    button("Resume").click();
    assertThat(status()).hasText(Pattern.compile("running"));
    cancelAtOnce();
  }

  @Test
  void a_question_is_decided_and_what_strangers_wrote_stays_text() {
    ask(ASKING, "of=" + HOSTILE);

    assertThat(page.locator(".question")).containsText("the door is shut");
    assertThat(page.locator(".task h3")).hasText("Mend the " + HOSTILE + " door");
    assertThat(page.locator(".facts .label")).hasText("of=" + HOSTILE);
    assertThat(page.locator("img")).hasCount(0);
    page.getByLabel("Leave the task out").check();
    page.getByLabel("Reason (may be left out)").fill("the door is gone");
    button("Decide").click();

    assertThat(status()).hasText(Pattern.compile("completed"));
    assertThat(page.locator(".remark")).hasText("the door is gone");
    go("#/runs");
    assertThat(page.locator(".runs").getByText("of=" + HOSTILE)).isVisible();
    assertThat(page.locator("img")).hasCount(0);
  }

  @Test
  void everything_can_be_done_with_the_keyboard_alone() {
    assertThat(page.locator("h1")).isFocused();
    page.keyboard().press("?");
    assertThat(page.getByRole(AriaRole.DIALOG)).containsText("down and up in the table");
    page.keyboard().press("Escape");
    assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);

    page.keyboard().press("n");
    assertThat(page.locator("h1")).hasText("New run");
    assertThat(page.locator("h1")).isFocused();
    page.keyboard().press("Tab");
    assertThat(page.locator("#project")).isFocused();
    assertThat(page.locator("#project").evaluate("one => getComputedStyle(one).outlineStyle"))
        .isEqualTo("solid");
    page.keyboard().press("Tab");
    page.keyboard().press("ArrowDown");
    assertThat(page.getByLabel("A task list")).isChecked();
    page.keyboard().press("Tab");
    page.keyboard().press("Control+A");
    page.keyboard().insertText(ASKING);
    page.keyboard().press("Escape");
    for (int i = 0; i < 20 && !isFocused("Start the run"); i++) {
      page.keyboard().press("Tab");
    }
    page.keyboard().press("Enter");
    page.waitForURL(RUN);
    assertThat(page.locator(".question")).isVisible();
    String run = page.url();

    page.keyboard().press("r");
    assertThat(page.locator("h1")).hasText("Runs");
    page.keyboard().press("/");
    assertThat(page.locator("#filter-label")).isFocused();
    page.keyboard().press("Escape");
    assertThat(page.locator(".run-link").first()).isVisible();
    page.keyboard().press("j");
    assertThat(page.locator(".run-link").first()).isFocused();
    page.keyboard().press("Enter");
    page.waitForURL(run);
    page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Timeline")).focus();
    page.keyboard().press("ArrowRight");
    assertThat(page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Changes")))
        .isFocused();
    button("Cancel").focus();
    page.keyboard().press("Enter");
    button("End it at once").focus();
    page.keyboard().press("Enter");
    assertThat(status()).hasText(Pattern.compile("canceled"));
  }

  private boolean isFocused(String button) {
    return button.equals(page.evaluate("document.activeElement.textContent.trim()"));
  }

  @Test
  void older_runs_are_on_the_next_page(@TempDir Path other) {
    try (ServedQuickstart idle = new ServedQuickstart(other, "--slots", "0")) {
      open(new Browser.NewContextOptions(), idle);
      for (int i = 0; i < 27; i++) {
        page.request()
            .post(
                idle.address() + "/api/v1/runs",
                RequestOptions.create()
                    .setData(Map.of("goal", "Mend it", "labels", Map.of("n", "" + i))));
      }

      assertThat(page.locator(".runs tbody tr")).hasCount(25);
      button("Older").click();
      assertThat(page.locator(".runs tbody tr")).hasCount(2);
      assertThat(page.locator(".runs")).containsText("n=0");
      button("n=1").click();
      assertThat(page.locator(".runs tbody tr")).hasCount(1);
      assertThat(page.locator("#filter-label")).hasValue("n=1");
      page.locator("#filter-status").selectOption("COMPLETED");
      assertThat(page.getByText("No run is like that.")).isVisible();
    }
  }

  @Test
  void a_workflow_is_looked_over_revised_and_run_by_a_form() {
    go("#/workflows/change-and-check");
    Locator source = page.getByLabel("Source", new Page.GetByLabelOptions().setExact(true)).last();
    assertThat(source).hasValue(Pattern.compile("inputs:"));
    String sound = source.inputValue();

    source.fill(sound + "steps: twice\n");
    button("Check").click();
    assertThat(page.locator("#source-faults .fault").first()).containsText("line ");
    source.fill(sound.replace("make test", "make check"));
    button("Save as a new revision").click();
    assertThat(page.locator(".note")).hasText("This is revision 2 now.");

    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Run").setExact(true))
        .click();
    assertThat(page.getByLabel("goal (needed)")).isVisible();
    assertThat(page.locator("#input-check")).hasAttribute("placeholder", "make check");
    page.getByLabel("goal (needed)").fill("Mend the door");
    button("Check only").click();
    assertThat(page.getByText("It could be started like that.")).isVisible();
  }

  @Test
  void the_key_is_asked_for_and_kept_in_this_tab_alone(@TempDir Path other) {
    try (ServedQuickstart locked = new ServedQuickstart(other, "--init")) {
      open(new Browser.NewContextOptions(), locked);
      assertThat(page.getByRole(AriaRole.DIALOG)).containsText("nobody in without a key");
      page.getByLabel("Key", new Page.GetByLabelOptions().setExact(true)).fill(locked.key());
      button("Use it").click();

      assertThat(page.getByText("There are no runs yet.")).isVisible();
      assertThat(page.evaluate("sessionStorage.length + localStorage.length")).isEqualTo(1);
      assertThat(page.evaluate("document.cookie")).isEqualTo("");
      ask(ASKING, "of=key");
      assertThat(page.locator(".question")).isVisible();
      go("#/workers");
      page.getByText("Drain", new Page.GetByTextOptions().setExact(true)).click();
      assertThat(page.locator("tbody .badge")).hasText(Pattern.compile("draining|gone"));

      button("Key set").click();
      button("Forget the key").click();
      assertThat(page.getByRole(AriaRole.DIALOG)).containsText("nobody in without a key");
      assertThat(page.evaluate("sessionStorage.length")).isEqualTo(0);
    }
  }

  @Test
  void projects_workers_providers_and_the_system_are_shown() {
    go("#/projects");
    page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("other");
    page.getByLabel("Folder", new Page.GetByLabelOptions().setExact(true))
        .fill(folder.toAbsolutePath().toString());
    button("Add").click();
    assertThat(page.locator("tbody tr")).hasCount(2);
    button("Remove other").click();
    button("Remove it").click();
    assertThat(page.locator("tbody tr")).hasCount(1);

    go("#/workers");
    assertThat(page.locator("tbody tr .badge")).hasText(Pattern.compile("alive"));
    go("#/providers");
    assertThat(page.locator("tbody")).containsText("replay");
    go("#/system");
    assertThat(page.locator(".facts")).containsText("ready");
    assertThat(page.locator(".facts")).containsText("agent-runner");
  }

  @Test
  void nothing_is_wider_than_a_phone() {
    ask(ASKING, "of=phone");
    String run = page.url().replaceAll(".*#", "#");
    open(new Browser.NewContextOptions().setViewportSize(360, 740), served);
    for (String hash :
        List.of(
            "#/runs",
            "#/new",
            run,
            run + "?tab=cost",
            "#/workflows",
            "#/workflows/change-and-check",
            "#/providers",
            "#/workers",
            "#/projects",
            "#/system")) {
      go(hash);
      assertThat(page.locator("h1")).isVisible();
      assertThat(page.locator(".trouble")).hasCount(0);
      assertThat(page.evaluate("document.documentElement.scrollWidth")).as(hash).isEqualTo(360);
    }
    go(run);
    cancelAtOnce();
  }

  /** {@code -Dconsole.screens=docs/screens} takes the pictures of the documentation. */
  @Test
  @EnabledIfSystemProperty(named = "console.screens", matches = ".+")
  void pictures_are_taken() {
    ask(quickstart(), "team=core");
    assertThat(status()).hasText(Pattern.compile("completed"));
    String run = page.url().replaceAll(".*#", "#");
    ask(ASKING.replace(HOSTILE, "front"), "team=doors");
    assertThat(page.locator(".question")).isVisible();
    String asking = page.url().replaceAll(".*#", "#");
    ask(SLOW, "team=core");
    assertThat(page.locator(".said")).containsText("tick 1");
    String live = page.url().replaceAll(".*#", "#");
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (int width : List.of(1100, 390)) {
        open(
            new Browser.NewContextOptions()
                .setViewportSize(width, width == 390 ? 780 : 680)
                .setColorScheme(scheme),
            served);
        String like =
            (width == 390 ? "phone" : "wide") + "-" + scheme.name().toLowerCase(Locale.ROOT);
        go("#/runs");
        assertThat(page.locator(".runs")).containsText("3/3");
        picture("runs-" + like);
        go(run);
        assertThat(page.locator(".step").first()).isVisible();
        assertThat(page.locator(".feed .state")).hasText("The run is over");
        picture("run-" + like);
        go(run + "?tab=changes");
        assertThat(page.locator(".diff").first()).isVisible();
        picture("changes-" + like);
        go(asking);
        assertThat(page.locator(".question")).isVisible();
        picture("decision-" + like);
        go(live);
        assertThat(page.locator(".said")).containsText("tick");
        picture("live-" + like);
      }
    }
    cancelAtOnce();
  }

  private void picture(String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(Path.of(System.getProperty("console.screens"), "console-" + name + ".png")));
  }
}
