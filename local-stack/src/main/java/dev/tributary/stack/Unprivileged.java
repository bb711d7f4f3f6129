package dev.tributary.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a program that refuses to run as root is run all the same.
 *
 * @param prefix what stands in front of its command
 * @param otherUser whether it then is another user, to whom its files must belong
 */
record Unprivileged(List<String> prefix, boolean otherUser) {
  /** The user and group {@code nobody}: only the number is sure to exist. */
  private static final int NOBODY = 65534;

  /** For what works in the given folder, which must be this process's own. */
  static Unprivileged inFolder(Path folder) throws IOException {
    if (!Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid"))) {
      return new Unprivileged(List.of(), false);
    }
    // a user namespace without any user: the program sees no root, the files stay as they are
    Unprivileged namespace = new Unprivileged(List.of("unshare", "-U"), false);
    if (namespace.works()) {
      return namespace;
    }
    // containers often forbid namespaces
    Unprivileged nobody =
        new Unprivileged(
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), true);
    if (nobody.works()) {
      return nobody;
    }
    throw new StackException(
        "Postgres does not run as root, and neither unshare nor setpriv works here; run as another"
            + " user, or give an address in "
            + Environment.POSTGRES);
  }

  List<String> command(List<String> program) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(program);
    return command;
  }

  /** Hands the folder over to the user the program will be. */
  void own(Path folder) throws IOException {
    if (otherUser) {
      Files.setAttribute(folder, "unix:uid", NOBODY);
    }
  }

  private boolean works() {
    try {
      return new ProcessBuilder(command(List.of("true")))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
