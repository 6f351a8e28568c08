package dev.agentrunner.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.ModelFailure.Denied;
import dev.agentrunner.core.chat.ModelFailure.Transient;
import dev.agentrunner.core.chat.ModelFailure.Unusable;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.testing.ManualPulse;
import dev.agentrunner.testing.NotedReply;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Headers;
import okhttp3.Request;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ConnectionTroubleTest {

  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(10));
  private static final ConnectionTrouble TROUBLE =
      new ConnectionTrouble("api.example", TIMEOUTS, "Look there.");

  static Stream<Arguments> troubles() {
    return Stream.of(
        Arguments.of(new UnknownHostException("api.example"), Transient.class, "cannot be found"),
        Arguments.of(new ConnectException("refused"), Transient.class, "cannot be reached"),
        Arguments.of(new NoRouteToHostException("no route"), Transient.class, "cannot be reached"),
        Arguments.of(
            new SocketTimeoutException("failed to connect to api.example"),
            Transient.class,
            "No connection to api.example within 10s"),
        Arguments.of(new SocketTimeoutException("timeout"), Transient.class, "nothing for 1m"),
        Arguments.of(new InterruptedIOException("timeout"), Transient.class, "within 10m"),
        Arguments.of(new SocketException("Connection reset"), Transient.class, "was cut"),
        Arguments.of(new EOFException(), Transient.class, "was cut (EOFException)"),
        Arguments.of(new IOException("unexpected end of stream"), Transient.class, "was cut"),
        Arguments.of(new OversizeException("more than 5 bytes"), Unusable.class, "5 bytes"),
        Arguments.of(handshake(new CertificateException("expired")), Denied.class, "expired"),
        Arguments.of(handshake(new EOFException("closed")), Transient.class, "was cut"),
        Arguments.of(new SSLHandshakeException("handshake_failure"), Denied.class, "TLS"),
        Arguments.of(new SSLPeerUnverifiedException("wrong name"), Denied.class, "wrong name"),
        Arguments.of(new SSLException("Connection reset"), Transient.class, "was cut"));
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void each_trouble_says_what_it_was_and_whether_it_passes(
      IOException trouble, Class<? extends ModelFailure> kind, String said) {
    ModelFailure failure = TROUBLE.explain(trouble);

    assertThat(failure).isInstanceOf(kind);
    assertThat(failure.message()).contains("api.example", said);
  }

  @Test
  void a_server_without_tls_is_told_from_one_that_hangs_up() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var http = new ProviderHttp(TIMEOUTS, new ManualPulse())) {
      Thread.ofPlatform().daemon().start(() -> answerInPlainText(server));
      Request request =
          new Request.Builder().url("https://127.0.0.1:" + server.getLocalPort()).build();

      Answer answer =
          http.ask(request, liveness -> new NoReply(), new NotedReply(), new StopSignal());

      assertThat(answer)
          .isInstanceOfSatisfying(
              Answer.Failed.class,
              failed -> assertThat(failed.failure()).isInstanceOf(Denied.class));
    }
  }

  private static void answerInPlainText(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.getOutputStream().write("HTTP/1.1 400 No\r\n\r\n".getBytes(UTF_8));
      // Closing while there is something to read would reset the connection.
      while (socket.getInputStream().read() >= 0) {}
    } catch (IOException _) {
      // The client has gone.
    }
  }

  private static SSLHandshakeException handshake(Exception cause) {
    SSLHandshakeException trouble = new SSLHandshakeException("handshake");
    trouble.initCause(cause);
    return trouble;
  }

  private static final class NoReply implements ReplyReader {

    @Override
    public Answer read(Headers headers, BufferedSource body) {
      throw new AssertionError("there is nothing to read");
    }

    @Override
    public ModelFailure refused(Refusal refusal) {
      throw new AssertionError("there is nobody to refuse");
    }

    @Override
    public Usage counted() {
      return Usage.NONE;
    }
  }
}
