package dev.tributary.transforms.chain;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import dev.tributary.transforms.state.StateStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.kafka.common.TopicPartition;

/**
 * Snapshots as files: {@code FOLDER/FINGERPRINT/TOPIC/PARTITION/OFFSET.snapshot}. A file begins
 * with a magic number that is the version of the format, and ends with the CRC-32C of all before.
 * It is written under another name first, so that there is none that is half written but by a crash
 * of the machine, which the checksum shows.
 *
 * <p>Several tasks may write to one folder, also such as nobody waits for any more: what they write
 * for the same offset means the same.
 */
final class SnapshotFiles {
  private static final long MAGIC = 0x5452_4942_534e_3031L; // TRIBSN01
  private static final String SUFFIX = ".snapshot";
  private static final String UNFINISHED = ".tmp";
  private static final int KEPT = 2;
  private static final int TRAILER_BYTES = 8;
  private static final int BUFFER_BYTES = 1 << 16;

  /** Of what nobody takes care any more. */
  private static final Duration OLDEST = Duration.ofDays(7);

  private final Path root;
  private final Path folder;

  SnapshotFiles(Path root, String fingerprint) {
    this.root = root;
    this.folder = root.resolve(fingerprint.substring(0, 16));
  }

  /** A snapshot's file and the offset in its name. */
  record Found(Path path, long next) {}

  /** All of a partition, the one of the greatest offset first. */
  List<Found> of(TopicPartition partition) {
    List<Found> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(place(partition), "*" + SUFFIX)) {
      for (Path path : files) {
        String name = path.getFileName().toString();
        String offset = name.substring(0, name.length() - SUFFIX.length());
        if (offset.matches("\\d{1,18}")) {
          found.add(new Found(path, Long.parseLong(offset)));
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.sort(Comparator.comparingLong(Found::next).reversed());
    return found;
  }

  /** Writes a snapshot, and deletes all but the latest ones of its partition; gives its size. */
  long write(TopicPartition partition, long next, Consumer<StateOutput> content)
      throws IOException {
    Path place = Files.createDirectories(place(partition));
    Path unfinished = place.resolve(UUID.randomUUID() + UNFINISHED);
    try {
      CRC32C checksum = new CRC32C();
      try (OutputStream file = Files.newOutputStream(unfinished)) {
        StateStream.Output out = StateStream.to(new CheckedOutputStream(file, checksum));
        out.number(MAGIC);
        content.accept(out);
        out.flush();
        file.write(ByteBuffer.allocate(TRAILER_BYTES).putLong(checksum.getValue()).array());
      }
      Path path = place.resolve(next + SUFFIX);
      Files.move(
          unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      long size = Files.size(path);
      deleteAllButTheLatest(place);
      return size;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /**
   * Reads a snapshot.
   *
   * @throws IOException if it is no whole one
   */
  <T> T read(Path path, Function<StateInput, T> reader) throws IOException {
    long size = Files.size(path) - TRAILER_BYTES;
    if (size < 0 || checksum(path, size) != trailer(path, size)) {
      throw new IOException("it is torn");
    }
    try (InputStream file = Files.newInputStream(path)) {
      StateInput in = StateStream.from(file);
      if (in.number() != MAGIC) {
        throw new IOException("it is of another version");
      }
      return reader.apply(in);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static long checksum(Path path, long size) throws IOException {
    CRC32C checksum = new CRC32C();
    try (InputStream in = new CheckedInputStream(Files.newInputStream(path), checksum)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (long left = size; left > 0; ) {
        left -= in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
      }
    }
    return checksum.getValue();
  }

  private static long trailer(Path path, long at) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(path))) {
      in.skipNBytes(at);
      return in.readLong();
    }
  }

  private Path place(TopicPartition partition) {
    return folder.resolve(partition.topic()).resolve(Integer.toString(partition.partition()));
  }

  /** By when they were written, as after a rewind the offsets are lower. */
  private static void deleteAllButTheLatest(Path place) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.list(place)) {
      all = new ArrayList<>(files.filter(p -> p.toString().endsWith(SUFFIX)).toList());
    }
    all.sort(Comparator.comparing(SnapshotFiles::writtenAt).reversed());
    for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) {
      Files.deleteIfExists(old);
    }
  }

  private static FileTime writtenAt(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // another task has deleted it
    }
  }

  /** Deletes what has been written by tasks, or with settings, that are no more. */
  void deleteOld() throws IOException {
    FileTime oldest = FileTime.from(Instant.now().minus(OLDEST));
    List<Path> old;
    try (Stream<Path> all = Files.walk(root, 4)) {
      old =
          all.filter(p -> p.toString().endsWith(SUFFIX) || p.toString().endsWith(UNFINISHED))
              .filter(p -> writtenAt(p).compareTo(oldest) < 0)
              .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : old) {
      Files.deleteIfExists(path);
    }
  }
}
