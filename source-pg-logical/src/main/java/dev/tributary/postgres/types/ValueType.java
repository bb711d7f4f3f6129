package dev.tributary.postgres.types;

import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * How the values of a column become Connect values.
 *
 * @param schema a new builder of the column's schema each time, neither optional nor with a default
 * @param text what reads values in {@link WireFormat#TEXT} into a column of this schema
 * @param zero what is written where the column is NOT NULL and the server logged no value, as in
 *     the row before a delete
 * @param unavailable what is written for a TOASTed value that a change did not touch; null if the
 *     type has no value to say so
 * @param expressionDefault what the schema has as default where the column's is a function; null
 *     for nothing
 * @param takesDefault whether a column's literal default goes into the schema
 * @param optionalElement whether the elements of an array of this are optional
 */
public record ValueType(
    Supplier<SchemaBuilder> schema,
    Function<Schema, ValueDecoder> text,
    Object zero,
    Object unavailable,
    Object expressionDefault,
    boolean takesDefault,
    boolean optionalElement) {

  /** A type that takes its defaults, and has no value to say that one is unavailable. */
  static ValueType of(Supplier<SchemaBuilder> schema, ValueDecoder text, Object zero) {
    return new ValueType(schema, column -> text, zero, null, zero, true, true);
  }

  /** A type whose values are made for the schema they are put in. */
  ValueType reading(Function<Schema, ValueDecoder> decoder) {
    return new ValueType(
        schema, decoder, zero, unavailable, expressionDefault, takesDefault, optionalElement);
  }

  ValueType unavailable(Object value) {
    return new ValueType(
        schema, text, zero, value, expressionDefault, takesDefault, optionalElement);
  }

  ValueType expressionDefault(Object value) {
    return new ValueType(schema, text, zero, unavailable, value, takesDefault, optionalElement);
  }

  ValueType withoutDefault() {
    return new ValueType(schema, text, zero, unavailable, null, false, optionalElement);
  }

  ValueType requiredElement() {
    return new ValueType(schema, text, zero, unavailable, expressionDefault, takesDefault, false);
  }

  /**
   * The decoder for values in a format.
   *
   * @param column the schema of the column they are for
   */
  public ValueDecoder decoder(WireFormat format, Schema column) {
    if (format == WireFormat.TEXT) {
      return text.apply(column);
    }
    throw new IllegalArgumentException("no value is read in " + format + " yet");
  }
}
