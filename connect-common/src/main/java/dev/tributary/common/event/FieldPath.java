package dev.tributary.common.event;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * A dotted path to a field, such as {@code user_id}, {@code address.city}, {@code after.user_id} or
 * {@code source.lsn}, that works on every form of {@link ChangeEvent}.
 *
 * <p>A path is looked up in the row first, then without a leading {@code after.} in the row, then
 * in the whole value. So {@code user_id} and {@code after.user_id} name the same field in an
 * envelope (be it a delete's), in a flattened row and in a plain record, and {@code source.lsn},
 * {@code op} or {@code before.status} reach into an envelope.
 *
 * <p>A dot in a field's own name is written {@code \.}.
 *
 * <p>Where the schema is known, the way to the field is worked out once per schema. Not
 * thread-safe: one instance belongs to one task.
 */
public final class FieldPath {
  private static final Object ABSENT = new Object();
  private static final String AFTER = "after";

  /** A task sees few schemas at once; past this many something makes them anew per record. */
  private static final int MAX_ROUTES = 1_000;

  private final String path;
  private final String[] names;
  private final IdentityHashMap<Schema, IdentityHashMap<Schema, Route>> routes =
      new IdentityHashMap<>();
  private int routeCount;
  private Schema lastRowSchema;
  private Schema lastValueSchema;
  private Route lastRoute;

  private FieldPath(String path, String[] names) {
    this.path = path;
    this.names = names;
  }

  /**
   * Parses a path.
   *
   * @throws IllegalArgumentException if the path is empty or one of its names is
   */
  public static FieldPath parse(String path) {
    List<String> names = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '\\' && i + 1 < path.length() && path.charAt(i + 1) == '.') {
        name.append('.');
        i++;
      } else if (c == '.') {
        names.add(name.toString());
        name.setLength(0);
      } else {
        name.append(c);
      }
    }
    names.add(name.toString());
    if (names.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("'" + path + "' is no field path: a name in it is empty");
    }
    return new FieldPath(path, names.toArray(String[]::new));
  }

  /** The field's value, or null where it is null or absent. */
  public Object get(ChangeEvent event) {
    Object found = find(event);
    return found == ABSENT ? null : found;
  }

  /** Whether the event has the field at all, be it null or not. */
  public boolean isPresentIn(ChangeEvent event) {
    return find(event) != ABSENT;
  }

  /** The schema of the field, or null where the event has no such field or no schema. */
  public Schema schema(ChangeEvent event) {
    if (event.value() instanceof Struct) {
      Route route = route(event);
      return route == null || route.fields.length == 0
          ? null
          : route.fields[route.fields.length - 1].schema();
    }
    return null;
  }

  /** The last name of the path: {@code city} of {@code address.city}. */
  public String leaf() {
    return names[names.length - 1];
  }

  @Override
  public String toString() {
    return path;
  }

  private Object find(ChangeEvent event) {
    Object value = event.value();
    if (value instanceof Struct) {
      Route route = route(event);
      return route == null ? ABSENT : route.follow(event);
    }
    return value == null ? ABSENT : findInMaps(event);
  }

  private Object findInMaps(ChangeEvent event) {
    Object found = findInMap(event.row(), 0);
    if (found == ABSENT && names.length > 1 && names[0].equals(AFTER)) {
      found = findInMap(event.row(), 1);
    }
    if (found == ABSENT && event.row() != event.value()) {
      found = findInMap(event.value(), 0);
    }
    return found;
  }

  private Object findInMap(Object from, int start) {
    Object at = from;
    for (int i = start; i < names.length; i++) {
      if (!(at instanceof Map<?, ?> map)) {
        return ABSENT;
      }
      at = map.get(names[i]);
      if (at == null && (i < names.length - 1 || !map.containsKey(names[i]))) {
        return ABSENT;
      }
    }
    return at;
  }

  private Route route(ChangeEvent event) {
    Schema rowSchema = event.rowSchema();
    Schema valueSchema = ((Struct) event.value()).schema();
    if (rowSchema == lastRowSchema && valueSchema == lastValueSchema) {
      return lastRoute;
    }
    IdentityHashMap<Schema, Route> ofValue =
        routes.computeIfAbsent(valueSchema, schema -> new IdentityHashMap<>());
    Route route;
    if (ofValue.containsKey(rowSchema)) {
      route = ofValue.get(rowSchema);
    } else {
      route = findRoute(rowSchema, valueSchema);
      if (++routeCount > MAX_ROUTES) {
        routes.clear();
        routeCount = 0;
      } else {
        ofValue.put(rowSchema, route);
      }
    }
    lastRowSchema = rowSchema;
    lastValueSchema = valueSchema;
    lastRoute = route;
    return route;
  }

  private Route findRoute(Schema rowSchema, Schema valueSchema) {
    Route route = routeIn(rowSchema, 0, true);
    if (route == null && names.length > 1 && names[0].equals(AFTER)) {
      // before the value: an envelope's own 'after' is null in a delete, and its row 'before'
      route = routeIn(rowSchema, 1, true);
    }
    if (route == null && rowSchema != valueSchema) {
      route = routeIn(valueSchema, 0, false);
    }
    return route;
  }

  /**
   * Null where the schema leads nowhere; the rest of a path below a map field is looked up in the
   * map.
   */
  private Route routeIn(Schema schema, int start, boolean fromRow) {
    List<Field> fields = new ArrayList<>();
    Schema at = schema;
    for (int i = start; i < names.length; i++) {
      if (at == null) {
        return null;
      }
      if (at.type() == Schema.Type.MAP && i > start) {
        return new Route(fromRow, fields.toArray(Field[]::new), i);
      }
      Field field = at.type() == Schema.Type.STRUCT ? at.field(names[i]) : null;
      if (field == null) {
        return null;
      }
      fields.add(field);
      at = field.schema();
    }
    return new Route(fromRow, fields.toArray(Field[]::new), names.length);
  }

  private final class Route {
    private final boolean fromRow;
    private final Field[] fields;
    private final int mapFrom;

    Route(boolean fromRow, Field[] fields, int mapFrom) {
      this.fromRow = fromRow;
      this.fields = fields;
      this.mapFrom = mapFrom;
    }

    Object follow(ChangeEvent event) {
      Object at = fromRow ? event.row() : event.value();
      for (Field field : fields) {
        if (!(at instanceof Struct struct)) {
          return ABSENT;
        }
        at = Structs.get(struct, field);
      }
      return mapFrom == names.length ? at : findInMap(at, mapFrom);
    }
  }
}
