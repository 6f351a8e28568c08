package dev.agentrunner.adapter.git;

import dev.agentrunner.adapter.git.RemoteAddress.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URL;
import java.net.UnknownHostException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.util.TemporaryBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange with a git server. The addresses its name resolves to are looked at before one of
 * them is dialled, and it is the one looked at that is dialled. Follows no redirect and heeds no
 * proxy.
 */
final class CheckedConnection implements HttpConnection {

  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Duration SILENCE = Duration.ofMinutes(2);
  private static final Duration TOTAL = Duration.ofMinutes(30);
  private static final int IN_MEMORY_BYTES = 1 << 20;

  private final OkHttpClient client;
  private final URL url;
  private final Map<String, String> headers = new HashMap<>();
  private String method = "GET";
  private @Nullable TemporaryBuffer body;
  private @Nullable Response response;

  private CheckedConnection(OkHttpClient client, URL url) {
    this.client = client;
    this.url = url;
  }

  /** Opens connections for one conversation. */
  static final class Factory implements HttpConnectionFactory, AutoCloseable {

    private final OkHttpClient client;

    Factory(Origin origin) {
      this(origin, Dns.SYSTEM);
    }

    /**
     * @param names tells the addresses of a host
     */
    Factory(Origin origin, Dns names) {
      this.client =
          new OkHttpClient.Builder()
              .dns(host -> checked(host, names.lookup(host), origin))
              .proxy(Proxy.NO_PROXY)
              .followRedirects(false)
              .followSslRedirects(false)
              .protocols(List.of(Protocol.HTTP_1_1))
              .connectTimeout(CONNECT)
              .readTimeout(SILENCE)
              .writeTimeout(SILENCE)
              .callTimeout(TOTAL)
              .build();
    }

    private static List<InetAddress> checked(
        String host, List<InetAddress> addresses, Origin origin) throws UnknownHostException {
      // One address that is closed spoils them all: the next answer may hold it alone.
      if (!addresses.stream().allMatch(address -> RemoteAddress.isOpen(address, origin))) {
        throw new UnknownHostException(
            host + " is not out in the open: only public addresses may be reached");
      }
      return addresses;
    }

    @Override
    public HttpConnection create(URL url) {
      return new CheckedConnection(client, url);
    }

    @Override
    public HttpConnection create(URL url, Proxy proxy) {
      return create(url);
    }

    @Override
    public void close() {
      client.connectionPool().evictAll();
      client.dispatcher().executorService().shutdown();
    }
  }

  private Response response() throws IOException {
    if (response == null) {
      Request.Builder request = new Request.Builder().url(url);
      headers.forEach(request::header);
      response = client.newCall(request.method(method, requestBody()).build()).execute();
    }
    return response;
  }

  private @Nullable RequestBody requestBody() {
    TemporaryBuffer content = body;
    if (content == null) {
      return method.equals("POST") ? RequestBody.create(new byte[0]) : null;
    }
    return new RequestBody() {
      @Override
      public okhttp3.@Nullable MediaType contentType() {
        return null; // It stands among the headers.
      }

      @Override
      public long contentLength() {
        return content.length();
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        content.writeTo(sink.outputStream(), null);
      }
    };
  }

  @Override
  public int getResponseCode() throws IOException {
    return response().code();
  }

  @Override
  public URL getURL() {
    return url;
  }

  @Override
  public String getResponseMessage() throws IOException {
    return response().message();
  }

  @Override
  public Map<String, List<String>> getHeaderFields() {
    return response == null ? Map.of() : response.headers().toMultimap();
  }

  @Override
  public void setRequestProperty(String key, String value) {
    headers.put(key, value);
  }

  @Override
  public void setRequestMethod(String verb) {
    method = verb;
  }

  @Override
  public void setUseCaches(boolean use) {}

  @Override
  public void setConnectTimeout(int millis) {}

  @Override
  public void setReadTimeout(int millis) {}

  @Override
  public @Nullable String getContentType() {
    return getHeaderField("Content-Type");
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return response().body().byteStream();
  }

  @Override
  public @Nullable String getHeaderField(String name) {
    return response == null ? null : response.header(name);
  }

  @Override
  public List<String> getHeaderFields(String name) {
    return response == null ? List.of() : response.headers(name);
  }

  @Override
  public int getContentLength() {
    String length = getHeaderField("Content-Length");
    return length != null && length.matches("[0-9]{1,9}") ? Integer.parseInt(length) : -1;
  }

  @Override
  public void setInstanceFollowRedirects(boolean follow) {}

  @Override
  public void setDoOutput(boolean output) {}

  @Override
  public void setFixedLengthStreamingMode(int length) {}

  @Override
  public OutputStream getOutputStream() {
    TemporaryBuffer content = new TemporaryBuffer.LocalFile(null, IN_MEMORY_BYTES);
    body = content;
    return content;
  }

  @Override
  public void setChunkedStreamingMode(int chunk) {}

  @Override
  public String getRequestMethod() {
    return method;
  }

  @Override
  public boolean usingProxy() {
    return false;
  }

  @Override
  public void connect() throws IOException {
    response();
  }

  @Override
  public void configure(
      KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random)
      throws KeyManagementException {
    throw new KeyManagementException("certificates are always checked");
  }

  @Override
  public void setHostnameVerifier(HostnameVerifier verifier) throws KeyManagementException {
    throw new KeyManagementException("certificates are always checked");
  }
}
