package dev.tributary.transforms;

import dev.tributary.common.metrics.Metrics;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/**
 * Begins what a transform shows over JMX: {@code tributary.transforms:type=T,connector=C,task=T}.
 * Connector and task are those of Connect's logging context; without one they are left out.
 */
final class TaskMetrics {
  private static final Pattern CONTEXT = Pattern.compile("\\[(.+)\\|task-(\\d+).*]\\s*");

  private TaskMetrics() {}

  /** On the task's thread, whose logging context names the task. */
  static Metrics.Builder of(String type) {
    Metrics.Builder builder = Metrics.in("tributary.transforms", type);
    String context = MDC.get("connector.context");
    Matcher matcher = CONTEXT.matcher(context == null ? "" : context);
    if (matcher.matches()) {
      builder.tag("connector", matcher.group(1)).tag("task", matcher.group(2));
    }
    return builder;
  }
}
