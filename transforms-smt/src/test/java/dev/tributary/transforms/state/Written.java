package dev.tributary.transforms.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Writes states down and reads them back. */
public final class Written {
  private static final long END = 4711;

  private Written() {}

  /** Hands what one writes to another, which must read all of it. */
  public static void down(Consumer<StateOutput> writer, Consumer<StateInput> reader) {
    byte[] bytes = bytes(writer.andThen(out -> out.number(END)));
    StateInput in = StateStream.from(new ByteArrayInputStream(bytes));
    reader.accept(in);
    assertThat(in.number()).as("what comes behind").isEqualTo(END);
  }

  /** What one writes. */
  public static byte[] bytes(Consumer<StateOutput> writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StateStream.Output out = StateStream.to(bytes);
    writer.accept(out);
    out.flush();
    return bytes.toByteArray();
  }
}
