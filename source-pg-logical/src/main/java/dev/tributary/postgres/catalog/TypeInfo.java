package dev.tributary.postgres.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * A type of the server.
 *
 * @param element what an array is of; null for other kinds
 * @param base what a domain is over; null for other kinds
 * @param baseModifier the type modifier that a domain gives its base, -1 for none
 * @param delimiter between the elements of an array of these, as text: mostly a comma
 * @param labels of an enum, in order; empty for other kinds
 * @param attributes of a composite, in order; empty for other kinds
 */
public record TypeInfo(
    int oid,
    String schema,
    String name,
    Kind kind,
    TypeInfo element,
    TypeInfo base,
    int baseModifier,
    char delimiter,
    List<String> labels,
    List<Attribute> attributes) {
  /** What a type is made of. */
  public enum Kind {
    BASE,
    ARRAY,
    ENUM,
    DOMAIN,
    RANGE,
    MULTIRANGE,
    COMPOSITE,
    /** A composite that was altered, with values of before. */
    ALTERED_COMPOSITE,
    OTHER
  }

  public TypeInfo {
    labels = List.copyOf(labels);
    attributes = List.copyOf(attributes);
  }

  /** A field of a composite. */
  public record Attribute(String name, TypeInfo type, int modifier) {}

  /** A type that is not there any more: nothing but its OID is known. */
  public static TypeInfo unknown(int oid) {
    String name = "oid " + Integer.toUnsignedString(oid);
    return new TypeInfo(oid, "", name, Kind.OTHER, null, null, -1, ',', List.of(), List.of());
  }

  /** Whether the type was dropped since. */
  public boolean isGone() {
    return schema.isEmpty();
  }

  /** Whether there is a composite in it, altered or not. */
  public boolean hasComposite() {
    return kind == Kind.COMPOSITE
        || kind == Kind.ALTERED_COMPOSITE
        || (element != null && element.hasComposite())
        || (base != null && base.hasComposite())
        || attributes.stream().anyMatch(attribute -> attribute.type().hasComposite());
  }

  /** The same type, with values of composites that need not fit them. */
  public TypeInfo altered() {
    return composites(Kind.ALTERED_COMPOSITE);
  }

  /** The same type, with values of composites that must fit them. */
  public TypeInfo unaltered() {
    return composites(Kind.COMPOSITE);
  }

  private TypeInfo composites(Kind composite) {
    boolean isComposite = kind == Kind.COMPOSITE || kind == Kind.ALTERED_COMPOSITE;
    return new TypeInfo(
        oid,
        schema,
        name,
        isComposite ? composite : kind,
        element == null ? null : element.composites(composite),
        base == null ? null : base.composites(composite),
        baseModifier,
        delimiter,
        labels,
        attributes.stream()
            .map(
                part ->
                    new Attribute(part.name(), part.type().composites(composite), part.modifier()))
            .toList());
  }

  /** The same type with one more label of the enum in it. */
  public TypeInfo withLabel(String label) {
    List<String> more = new ArrayList<>(labels);
    if (kind == Kind.ENUM) {
      more.add(label);
    }
    return new TypeInfo(
        oid,
        schema,
        name,
        kind,
        element == null ? null : element.withLabel(label),
        base == null ? null : base.withLabel(label),
        baseModifier,
        delimiter,
        more,
        attributes.stream()
            .map(part -> new Attribute(part.name(), part.type().withLabel(label), part.modifier()))
            .toList());
  }
}
