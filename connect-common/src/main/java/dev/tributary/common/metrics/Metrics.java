package dev.tributary.common.metrics;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanRegistrationException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One MBean with read-only attributes, each of which asks its supplier when it is read: the record
 * path only counts.
 *
 * <p>A task that starts while the one before it under the same name has not ended takes the name
 * over; the end of the earlier one then leaves it alone. A name that cannot be registered is told
 * in the log and costs nothing else.
 *
 * <p>Suppliers are called by the threads of JMX clients: they read volatile or atomic state only.
 */
public final class Metrics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
  private static final Map<ObjectName, Metrics> REGISTERED = new ConcurrentHashMap<>();

  private final ObjectName name;

  private Metrics(ObjectName name) {
    this.name = name;
  }

  /**
   * Starts an MBean.
   *
   * @param domain such as {@code tributary.redis}
   * @param type value of the property {@code type}, such as {@code sink-task-metrics}
   */
  public static Builder in(String domain, String type) {
    return new Builder(domain, type);
  }

  /** The name that is registered, as JMX clients write it. */
  public String name() {
    return name.getCanonicalName();
  }

  /** Takes the MBean away, unless a later one has its name. */
  @Override
  public void close() {
    synchronized (REGISTERED) {
      if (REGISTERED.remove(name, this)) {
        unregister(name);
      }
    }
  }

  private void register(Bean bean) {
    synchronized (REGISTERED) {
      try {
        if (REGISTERED.containsKey(name)) {
          unregister(name);
        }
        SERVER.registerMBean(bean, name);
        REGISTERED.put(name, this);
      } catch (InstanceAlreadyExistsException e) {
        LOG.warn("The JMX name {} is taken by something else; these metrics are not shown", name);
      } catch (JMException e) {
        LOG.warn("The JMX name {} cannot be registered; these metrics are not shown", name, e);
      }
    }
  }

  private static void unregister(ObjectName name) {
    try {
      SERVER.unregisterMBean(name);
    } catch (InstanceNotFoundException e) {
      LOG.debug("The JMX name {} was gone already", name);
    } catch (MBeanRegistrationException e) {
      LOG.warn("The JMX name {} cannot be taken away", name, e);
    }
  }

  /** Collects an MBean's name and attributes. */
  public static final class Builder {
    private final String domain;
    private final StringBuilder properties;
    private final Map<String, Gauge> gauges = new LinkedHashMap<>();

    private Builder(String domain, String type) {
      this.domain = domain;
      this.properties = new StringBuilder("type=").append(type);
    }

    /** Adds a property to the name; any character is allowed in the value. */
    public Builder tag(String key, String value) {
      properties.append(',').append(key).append('=').append(sanitized(value));
      return this;
    }

    /** An attribute of type {@code long}. */
    public Builder count(String attribute, String description, LongSupplier value) {
      return add(attribute, description, "long", value::getAsLong);
    }

    /** An attribute of type {@code double}. */
    public Builder number(String attribute, String description, DoubleSupplier value) {
      return add(attribute, description, "double", value::getAsDouble);
    }

    /** An attribute of type {@code boolean}. */
    public Builder flag(String attribute, String description, BooleanSupplier value) {
      return add(attribute, description, "boolean", value::getAsBoolean);
    }

    /** An attribute of type {@code String}. */
    public Builder text(String attribute, String description, Supplier<String> value) {
      return add(attribute, description, String.class.getName(), value);
    }

    /** An attribute of type {@code String[]}. */
    public Builder texts(String attribute, String description, Supplier<String[]> value) {
      return add(attribute, description, String[].class.getName(), value);
    }

    /** Registers the MBean with the platform's server. */
    public Metrics register() {
      Metrics metrics;
      try {
        metrics = new Metrics(new ObjectName(domain + ":" + properties));
      } catch (JMException e) {
        throw new IllegalArgumentException("no JMX name: " + domain + ":" + properties, e);
      }
      metrics.register(new Bean(Map.copyOf(gauges), info()));
      return metrics;
    }

    private Builder add(String attribute, String description, String type, Supplier<?> value) {
      if (gauges.put(attribute, new Gauge(attribute, description, type, value)) != null) {
        throw new IllegalArgumentException("two attributes named " + attribute);
      }
      return this;
    }

    private MBeanInfo info() {
      MBeanAttributeInfo[] attributes =
          gauges.values().stream()
              .map(
                  gauge ->
                      new MBeanAttributeInfo(
                          gauge.name, gauge.type, gauge.description, true, false, false))
              .toArray(MBeanAttributeInfo[]::new);
      return new MBeanInfo(Metrics.class.getName(), domain, attributes, null, null, null);
    }

    /** As Kafka's own metrics do it: plain where it can be, quoted where it must be. */
    private static String sanitized(String value) {
      return value.matches("[\\w-%\\. \t]+") ? value : ObjectName.quote(value);
    }
  }

  private record Gauge(String name, String description, String type, Supplier<?> value) {}

  private record Bean(Map<String, Gauge> gauges, MBeanInfo info) implements DynamicMBean {
    @Override
    public Object getAttribute(String attribute) throws AttributeNotFoundException {
      Gauge gauge = gauges.get(attribute);
      if (gauge == null) {
        throw new AttributeNotFoundException(attribute);
      }
      return gauge.value.get();
    }

    @Override
    public AttributeList getAttributes(String[] attributes) {
      AttributeList list = new AttributeList();
      for (String attribute : attributes) {
        Gauge gauge = gauges.get(attribute);
        if (gauge != null) {
          list.add(new Attribute(attribute, gauge.value.get()));
        }
      }
      return list;
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
      throw new AttributeNotFoundException(attribute.getName() + " is read-only");
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
      return new AttributeList();
    }

    @Override
    public Object invoke(String action, Object[] arguments, String[] signature)
        throws ReflectionException {
      throw new ReflectionException(new NoSuchMethodException(action));
    }

    @Override
    public MBeanInfo getMBeanInfo() {
      return info;
    }
  }
}
