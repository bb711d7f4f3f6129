package dev.tributary.clickhouse.embedded;

import java.net.http.HttpResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A request under way while the test does something else. */
final class Background {

  private static final long DEADLINE_SECONDS = 30;

  private final CompletableFuture<HttpResponse<String>> answer;

  Background(Supplier<HttpResponse<String>> request) {
    this.answer = CompletableFuture.supplyAsync(request, asking -> new Thread(asking).start());
  }

  HttpResponse<String> result() throws Exception {
    return answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Polls until the condition holds. */
  static void await(BooleanSupplier condition) throws InterruptedException {
    BlockingQueue<Object> never = new LinkedBlockingQueue<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + DEADLINE_SECONDS + " s");
      }
      never.poll(20, TimeUnit.MILLISECONDS);
    }
  }
}
