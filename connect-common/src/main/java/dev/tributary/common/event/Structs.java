package dev.tributary.common.event;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/** Reading and writing Structs. */
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

  /**
   * A field to put many values through. {@link Struct#put(Field, Object)} makes a text of the
   * field's name for each value, for the case that it does not fit the schema, which costs more
   * than all the rest; of a field without a name it makes none.
   */
  public static Field unnamed(Field field) {
    return new Field(null, field.index(), field.schema());
  }
}
