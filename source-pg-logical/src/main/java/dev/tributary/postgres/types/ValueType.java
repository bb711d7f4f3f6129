package dev.tributary.postgres.types;

import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

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
 * @param alwaysOptional whether the schema is optional even where the column is NOT NULL
 */
public record ValueType(
    Supplier<SchemaBuilder> schema,
    Function<Schema, ValueDecoder> text,
    Object zero,
    Object unavailable,
    Object expressionDefault,
    boolean takesDefault,
    boolean optionalElement,
    boolean alwaysOptional) {

  /** A type that takes its defaults, and has no value to say that one is unavailable. */
  static ValueType of(Supplier<SchemaBuilder> schema, ValueDecoder text, Object zero) {
    return reading(schema, column -> text, zero);
  }

  /** A type whose values are made for the schema they are put in. */
  static ValueType reading(
      Supplier<SchemaBuilder> schema, Function<Schema, ValueDecoder> text, Object zero) {
    return new ValueType(schema, text, zero, null, zero, true, true, false);
  }

  ValueType unavailable(Object value) {
    return new ValueType(
        schema,
        text,
        zero,
        value,
        expressionDefault,
        takesDefault,
        optionalElement,
        alwaysOptional);
  }

  ValueType expressionDefault(Object value) {
    return new ValueType(
        schema, text, zero, unavailable, value, takesDefault, optionalElement, alwaysOptional);
  }

  ValueType withoutDefault() {
    return new ValueType(
        schema, text, zero, unavailable, null, false, optionalElement, alwaysOptional);
  }

  ValueType requiredElement() {
    return new ValueType(
        schema, text, zero, unavailable, expressionDefault, takesDefault, false, alwaysOptional);
  }

  ValueType alwaysOptional(boolean always) {
    return new ValueType(
        schema, text, zero, unavailable, expressionDefault, takesDefault, optionalElement, always);
  }

  /** An array of the same whose elements may be NULL. */
  public ValueType nullElements() {
    return new ValueType(
        () -> SchemaBuilder.array(Schemas.optional(schema.get().build().valueSchema())),
        text,
        zero,
        unavailable,
        expressionDefault,
        takesDefault,
        optionalElement,
        alwaysOptional);
  }

  /**
   * What is written into a column of this schema for want of a value. Structs carry their schema,
   * so that they are made anew for it.
   */
  public Object zero(Schema column) {
    if (!(zero instanceof Struct struct) || struct.schema().equals(column)) {
      return zero;
    }
    Struct fitting = new Struct(column);
    struct.schema().fields().forEach(field -> fitting.put(field.name(), struct.get(field)));
    return fitting;
  }

  /**
   * The decoder for values that come as text; {@link BinaryDecoders} has those for binary.
   *
   * @param column the schema of the column they are for
   */
  public ValueDecoder decoder(Schema column) {
    return text.apply(column);
  }
}
