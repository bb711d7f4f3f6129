package dev.tributary.transforms.chain;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.storage.Converter;

/**
 * Makes of a record in a topic what the worker makes of it. Its key and headers are left out, as
 * nothing here reads them.
 */
final class StoredValues {
  private final Converter converter;

  StoredValues(String converterClass, Map<String, Object> settings) {
    try {
      this.converter = converterClass(converterClass).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new ChainError(
          "restore.value.converter: '" + converterClass + "' is no converter that is installed", e);
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(converter.getClass().getClassLoader());
    try {
      converter.configure(settings, false);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The worker's loader finds converters in its class path and in its other plugins. */
  static Class<? extends Converter> converterClass(String name) throws ClassNotFoundException {
    return Class.forName(name, true, StoredValues.class.getClassLoader())
        .asSubclass(Converter.class);
  }

  SinkRecord toRecord(String topic, ConsumerRecord<byte[], byte[]> stored) {
    SchemaAndValue value = converter.toConnectData(topic, stored.headers(), stored.value());
    return new SinkRecord(
        topic,
        stored.partition(),
        null,
        null,
        value.schema(),
        value.value(),
        stored.offset(),
        stored.timestamp() < 0 ? null : stored.timestamp(),
        stored.timestampType());
  }
}
