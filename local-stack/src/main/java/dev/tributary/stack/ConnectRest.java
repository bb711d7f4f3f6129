package dev.tributary.stack;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A client of Connect's REST interface (Kafka documentation, section "Kafka Connect, REST API").
 * While the workers rebalance (status 409, or a request passed on to a worker that is just coming
 * up) a request is made again, for up to a minute. Every other refusal is a {@link StackException}
 * with the worker's own words.
 */
public final class ConnectRest {
  private static final int NOT_FOUND = 404;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RestCalls calls;

  /** A client of the worker at that address, as in {@code http://127.0.0.1:8083}. */
  public ConnectRest(String url) {
    this.calls = new RestCalls(url);
  }

  /**
   * A plugin that the worker knows.
   *
   * @param className its class
   * @param type {@code source}, {@code sink}, {@code transformation}, {@code converter} ...
   * @param version what the plugin says it is
   */
  public record Plugin(String className, String type, String version) {}

  /**
   * What the validation of a config found.
   *
   * @param errorCount how many errors
   * @param errors the messages by key, only of keys that have some
   * @param keys every key's whole answer: definition, value, recommended values, errors
   */
  public record Validation(int errorCount, Map<String, List<String>> errors, JsonNode keys) {}

  /**
   * The state of a connector or of a task.
   *
   * @param id the task's number, -1 for the connector itself
   * @param state {@code RUNNING}, {@code FAILED}, {@code PAUSED} ...
   * @param trace why it failed, else empty
   */
  public record State(int id, String state, String trace) {
    boolean is(String expected) {
      return state.equals(expected);
    }
  }

  /** The states of a connector and its tasks. */
  public record Status(State connector, List<State> tasks) {}

  /** One position of a connector: of which partition of its source, and where in it. */
  public record Offset(Map<String, Object> partition, Map<String, Object> offset) {}

  /** The worker's address. */
  public String url() {
    return calls.url();
  }

  /** All plugins: connectors, transformations, predicates, converters. */
  public List<Plugin> plugins() {
    List<Plugin> plugins = new ArrayList<>();
    for (JsonNode plugin : calls.get("/connector-plugins?connectorsOnly=false")) {
      plugins.add(
          new Plugin(
              plugin.path("class").asText(),
              plugin.path("type").asText(),
              plugin.path("version").asText()));
    }
    return plugins;
  }

  /** Validates a config as the worker does before it takes it. */
  public Validation validate(String className, Map<String, String> config) {
    Map<String, String> whole = new LinkedHashMap<>(config);
    whole.putIfAbsent("connector.class", className);
    JsonNode answer =
        calls.send("PUT", "/connector-plugins/" + encoded(className) + "/config/validate", whole);
    Map<String, List<String>> errors = new LinkedHashMap<>();
    for (JsonNode key : answer.path("configs")) {
      JsonNode value = key.path("value");
      List<String> messages = new ArrayList<>();
      value.path("errors").forEach(message -> messages.add(message.asText()));
      if (!messages.isEmpty()) {
        errors.put(value.path("name").asText(), messages);
      }
    }
    return new Validation(answer.path("error_count").asInt(), errors, answer.path("configs"));
  }

  /** The names of all connectors. */
  public List<String> connectors() {
    return JSON.convertValue(calls.get("/connectors"), new TypeReference<List<String>>() {});
  }

  /** Creates the connector, or gives it another config. */
  public void createOrUpdate(String name, Map<String, String> config) {
    calls.send("PUT", connector(name, "/config"), config);
  }

  /** The states of a connector and of its tasks. */
  public Status status(String name) {
    JsonNode answer = calls.get(connector(name, "/status"));
    List<State> tasks = new ArrayList<>();
    answer.path("tasks").forEach(task -> tasks.add(state(task, task.path("id").asInt())));
    return new Status(state(answer.path("connector"), -1), tasks);
  }

  /**
   * Waits until the connector and that many tasks are running.
   *
   * @throws StackException with the trace when the connector or a task has failed, or when time is
   *     up
   */
  public void awaitRunning(String name, int tasks, Duration within) {
    Await.until(
        "connector " + name + " and " + tasks + " tasks to be RUNNING",
        within,
        () -> statusUnlessFailed(name),
        status ->
            status.connector().is("RUNNING")
                && status.tasks().size() == tasks
                && status.tasks().stream().allMatch(task -> task.is("RUNNING")));
  }

  private Status statusUnlessFailed(String name) {
    Status status = status(name);
    if (status.connector().is("FAILED")) {
      throw failed("connector " + name, status.connector());
    }
    for (State task : status.tasks()) {
      if (task.is("FAILED")) {
        throw failed("task " + task.id() + " of connector " + name, task);
      }
    }
    return status;
  }

  private static Await.Hopeless failed(String what, State state) {
    return new Await.Hopeless(new StackException(what + " has failed: " + state.trace()));
  }

  /**
   * Waits until a task of the connector, or the connector itself, has failed.
   *
   * @return the trace
   */
  public String awaitFailed(String name, Duration within) {
    Status failed =
        Await.until(
            "connector " + name + " or a task of it to be FAILED",
            within,
            () -> status(name),
            status -> !traceOfFailure(status).isEmpty());
    return traceOfFailure(failed);
  }

  private static String traceOfFailure(Status status) {
    List<State> all = new ArrayList<>(status.tasks());
    all.add(status.connector());
    return all.stream()
        .filter(state -> state.is("FAILED"))
        .map(State::trace)
        .findFirst()
        .orElse("");
  }

  /** The topics that the connector has used so far. */
  public Set<String> topics(String name) {
    Set<String> topics = new TreeSet<>();
    for (JsonNode topic : calls.get(connector(name, "/topics")).path(name).path("topics")) {
      topics.add(topic.asText());
    }
    return topics;
  }

  /** The positions that Connect has stored for the connector. */
  public List<Offset> offsets(String name) {
    return JSON.convertValue(
        calls.get(connector(name, "/offsets")).path("offsets"),
        new TypeReference<List<Offset>>() {});
  }

  /**
   * Sets positions of a stopped connector; those that are not named stay.
   *
   * @throws StackException if the worker refuses, as it does while the tasks of a sink are still in
   *     its consumer group
   */
  public void alterOffsets(String name, List<Offset> offsets) {
    calls.send("PATCH", connector(name, "/offsets"), Map.of("offsets", offsets));
  }

  /**
   * Forgets all positions of a stopped connector.
   *
   * @throws StackException if the worker refuses, as {@link #alterOffsets} says
   */
  public void resetOffsets(String name) {
    calls.send("DELETE", connector(name, "/offsets"), Map.of());
  }

  /** Restarts the connector and all of its tasks. */
  public void restart(String name) {
    calls.send("POST", connector(name, "/restart?includeTasks=true"), Map.of());
  }

  /** Restarts one task. */
  public void restartTask(String name, int task) {
    calls.send("POST", connector(name, "/tasks/" + task + "/restart"), Map.of());
  }

  /** Pauses the connector: tasks stay, but do nothing. */
  public void pause(String name) {
    calls.send("PUT", connector(name, "/pause"), Map.of());
  }

  /** Stops the connector: tasks are ended, config and offsets stay. */
  public void stop(String name) {
    calls.send("PUT", connector(name, "/stop"), Map.of());
  }

  /** Waits until a connector that is stopped has no tasks any more. */
  public void awaitStopped(String name, Duration within) {
    Await.until(
        "connector " + name + " to be STOPPED",
        within,
        () -> status(name),
        status -> status.connector().is("STOPPED") && status.tasks().isEmpty());
  }

  /** Lets a paused or stopped connector go on. */
  public void resume(String name) {
    calls.send("PUT", connector(name, "/resume"), Map.of());
  }

  /** Deletes the connector; it is no error when there is none. */
  public void delete(String name) {
    try {
      calls.send("DELETE", connector(name, ""), Map.of());
    } catch (RestCalls.Refusal e) {
      if (e.status() != NOT_FOUND) {
        throw e;
      }
    }
  }

  boolean isHealthy() throws IOException, InterruptedException {
    return calls.status("/health") == 200;
  }

  private static String connector(String name, String rest) {
    return "/connectors/" + encoded(name) + rest;
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static State state(JsonNode node, int id) {
    return new State(id, node.path("state").asText(), node.path("trace").asText(""));
  }
}
