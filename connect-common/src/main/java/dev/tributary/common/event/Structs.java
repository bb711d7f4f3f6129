package dev.tributary.common.event;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/** Reading Structs. */
public final class Structs {
  private Structs() {}

  /**
   * The value of a field as it was put there. {@link Struct#get(Field)} answers with the schema's
   * default where the value is null, which turns a NULL in a column with a DEFAULT into that
   * default.
   */
  public static Object get(Struct struct, Field field) {
    return field.schema().defaultValue() == null
        ? struct.get(field)
        : struct.getWithoutDefault(field.name());
  }
}
