package dev.tributary.common.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  @Test
  void showsValuesAsTheyAreWhenRead() throws JMException {
    AtomicLong rows = new AtomicLong();
    try (Metrics metrics =
        Metrics.in("tributary.test", "task-metrics")
            .tag("connector", "a")
            .tag("task", "0")
            .count("Rows", "rows so far", rows::get)
            .number("Lag", "in ms", () -> 0.5)
            .flag("Connected", "whether it is", () -> true)
            .text("Position", "an LSN", () -> "0/1")
            .texts("Tables", "names", () -> new String[] {"a", "b"})
            .register()) {
      ObjectName name = new ObjectName("tributary.test:type=task-metrics,connector=a,task=0");

      rows.set(3);

      assertThat(metrics.name()).isEqualTo(name.getCanonicalName());
      assertThat(SERVER.getAttribute(name, "Rows")).isEqualTo(3L);
      assertThat(SERVER.getAttribute(name, "Lag")).isEqualTo(0.5);
      assertThat(SERVER.getAttribute(name, "Connected")).isEqualTo(true);
      assertThat(SERVER.getAttribute(name, "Position")).isEqualTo("0/1");
      assertThat((String[]) SERVER.getAttribute(name, "Tables")).containsExactly("a", "b");
      assertThat(SERVER.getAttributes(name, new String[] {"Rows", "None"}).asList())
          .containsExactly(new Attribute("Rows", 3L));
      assertThat(Arrays.stream(SERVER.getMBeanInfo(name).getAttributes()))
          .extracting(attribute -> attribute.getName() + ":" + attribute.getType())
          .contains("Rows:long", "Lag:double", "Connected:boolean", "Tables:[Ljava.lang.String;");
      assertThatThrownBy(() -> SERVER.getAttribute(name, "None"))
          .isInstanceOf(AttributeNotFoundException.class);
      assertThatThrownBy(() -> SERVER.setAttribute(name, new Attribute("Rows", 4L)))
          .isInstanceOf(AttributeNotFoundException.class);
    }
  }

  @Test
  void aLaterOneTakesTheNameOverAndKeepsIt() throws JMException {
    Metrics first = counting(1);
    Metrics second = counting(2);
    ObjectName name = new ObjectName(second.name());

    first.close();

    assertThat(SERVER.getAttribute(name, "Value")).isEqualTo(2L);
    second.close();
    assertThat(SERVER.isRegistered(name)).isFalse();
    second.close();
  }

  @Test
  void quotesWhatANameCannotHold() throws JMException {
    try (Metrics metrics =
        Metrics.in("tributary.test", "quoted").tag("connector", "a,b=\"c\"*").register()) {
      assertThat(SERVER.isRegistered(new ObjectName(metrics.name()))).isTrue();
      assertThat(ObjectName.unquote(new ObjectName(metrics.name()).getKeyProperty("connector")))
          .isEqualTo("a,b=\"c\"*");
    }
  }

  @Test
  void leavesAForeignBeanAlone() throws JMException {
    ObjectName name = new ObjectName("tributary.test:type=foreign");
    SERVER.registerMBean(new javax.management.timer.Timer(), name);
    try (Metrics metrics = Metrics.in("tributary.test", "foreign").register()) {
      assertThat(metrics.name()).isEqualTo(name.getCanonicalName());
    }
    assertThat(SERVER.isRegistered(name)).isTrue();
    SERVER.unregisterMBean(name);
  }

  private static Metrics counting(long value) {
    return Metrics.in("tributary.test", "taken").count("Value", "", () -> value).register();
  }
}
