package dev.tributary.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** JSON over HTTP, with patience for a Connect worker's rebalances. */
final class RestCalls {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final String url;

  RestCalls(String url) {
    this.url = url;
  }

  String url() {
    return url;
  }

  /** One request, without patience: the status. */
  int status(String path) throws IOException, InterruptedException {
    return exchange("GET", path, Map.of()).statusCode();
  }

  JsonNode get(String path) {
    return send("GET", path, Map.of());
  }

  /**
   * Sends a request, again and again while the workers rebalance.
   *
   * @param body sent as JSON, or nothing where it is empty
   * @throws Refusal when the worker answers with an error
   */
  JsonNode send(String method, String path, Map<String, ?> body) {
    HttpResponse<String> response =
        Await.until(
            "the workers to be balanced for " + method + " " + url + path,
            PATIENCE,
            () -> once(method, path, body),
            answer -> !isBusy(answer));
    if (response.statusCode() >= 400) {
      throw new Refusal(
          "%s %s was refused with status %d: %s"
              .formatted(method, path, response.statusCode(), message(response.body())),
          response.statusCode());
    }
    return json(response.body());
  }

  private HttpResponse<String> once(String method, String path, Map<String, ?> body)
      throws InterruptedException {
    try {
      return exchange(method, path, body);
    } catch (IOException e) {
      throw new Await.Hopeless(new StackException(method + " " + url + path + " failed: " + e, e));
    }
  }

  private HttpResponse<String> exchange(String method, String path, Map<String, ?> body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(REQUEST_TIMEOUT)
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  /** In a rebalance, or passed on to a leader that is gone and not missed yet. */
  private static boolean isBusy(HttpResponse<String> answer) {
    return answer.statusCode() == 409
        || (answer.statusCode() == 500 && answer.body().contains("trying to forward REST request"));
  }

  private static String message(String body) {
    String message = json(body).path("message").asText();
    return message.isEmpty() ? body : message;
  }

  private static JsonNode json(String body) {
    try {
      return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /** A request that the worker answered with an error. */
  static final class Refusal extends StackException {
    private static final long serialVersionUID = 1L;
    private final int status;

    private Refusal(String message, int status) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }
}
