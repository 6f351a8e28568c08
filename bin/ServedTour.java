import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a class-data archive of the server is trained with: {@code ServedTour ADDRESS LIST} asks a server on this machine for
 * what people ask for most, starts the task list LIST in its project {@code quickstart} and follows the run to its end.
 */
final class ServedTour {

  private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ServedTour() {}

  public static void main(String[] arguments) throws Exception {
    String address = arguments[0];
    String list = Files.readString(Path.of(arguments[1]));
    get(address + "/readyz");
    get(address + "/");
    String body = "{\"project\":\"quickstart\",\"tasks\":" + quoted(list) + "}";
    String run =
        CLIENT
            .send(
                request(address + "/runs")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body))
                    .build(),
                BodyHandlers.ofString())
            .body();
    String id = run.replaceFirst("(?s).*?\"id\":\"([^\"]*)\".*", "$1");
    get(address + "/runs/" + id + "/events/stream");
    get(address + "/runs/" + id);
    get(address + "/runs/" + id + "/events");
    get(address + "/runs?limit=10");
    get(address + "/metrics");
  }

  private static void get(String address) throws Exception {
    CLIENT.send(request(address).GET().build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String address) {
    return HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(20));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
