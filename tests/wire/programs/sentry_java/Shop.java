// The shop watched by sentry-java; prints the ids that the SDK gave. Run as `java Shop DSN`.
import io.sentry.CheckIn;
import io.sentry.CheckInStatus;
import io.sentry.ISpan;
import io.sentry.ITransaction;
import io.sentry.Sentry;
import io.sentry.SentryAttribute;
import io.sentry.SentryAttributes;
import io.sentry.SentryLevel;
import io.sentry.SentryLogLevel;
import io.sentry.SpanStatus;
import io.sentry.TransactionOptions;
import io.sentry.logger.SentryLogParameters;
import io.sentry.metrics.SentryMetricsParameters;
import io.sentry.protocol.User;

public final class Shop {
  static final class PaymentError extends RuntimeException {
    PaymentError(String message, Throwable cause) {
      super(message, cause);
    }
  }

  public static void main(String[] args) throws Exception {
    Sentry.init(options -> {
      options.setDsn(args[0]);
      options.setRelease("shop@1.2.3");
      options.setEnvironment("wire");
      options.setServerName("till-1");
      options.setTracesSampleRate(1.0);
      options.getLogs().setEnabled(true);
    });
    Sentry.configureScope(scope -> {
      User user = new User();
      user.setId("u-7");
      user.setEmail("buyer@example.test");
      user.setUsername("buyer");
      scope.setUser(user);
      scope.setTag("till", "4");
    });
    Sentry.startSession();
    String facts = checkout();
    Sentry.endSession();
    String message = Sentry.captureMessage("stock is low", SentryLevel.WARNING).toString();
    Sentry.captureCheckIn(new CheckIn("nightly", CheckInStatus.OK));
    Sentry.flush(10_000);
    Sentry.close();
    System.out.println("{" + facts + ",\"message_id\":\"" + message + "\"}");
  }

  private static String checkout() throws Exception {
    TransactionOptions options = new TransactionOptions();
    options.setBindToScope(true);
    ITransaction root = Sentry.startTransaction("checkout", "task", options);
    ISpan pay = root.startChild("payment", "pay");
    pay.setData("cart.size", 3);
    pay.setData("cart.gift", true);
    ISpan query = pay.startChild("db", "SELECT price FROM goods");
    query.setData("db.system", "postgresql");
    Thread.sleep(5);
    query.finish();
    String error = capture(pay);
    pay.finish(SpanStatus.DEADLINE_EXCEEDED);
    measure();
    root.finish();
    return String.format(
        "\"trace_id\":\"%s\",\"root\":\"%s\",\"pay\":\"%s\",\"query\":\"%s\",\"error_id\":\"%s\"",
        root.getSpanContext().getTraceId(), root.getSpanContext().getSpanId(),
        pay.getSpanContext().getSpanId(), query.getSpanContext().getSpanId(), error);
  }

  private static String capture(ISpan pay) {
    try (var lifecycle = pay.makeCurrent()) {
      PaymentError problem = new PaymentError("card declined", new IllegalStateException("no card"));
      return Sentry.captureException(problem).toString();
    }
  }

  private static void measure() {
    SentryAttributes attributes = SentryAttributes.of(
        SentryAttribute.booleanAttribute("paid", false),
        SentryAttribute.stringAttribute("order", "o-9"),
        SentryAttribute.integerAttribute("goods", 3));
    Sentry.logger().log(SentryLogLevel.WARN, SentryLogParameters.create(attributes),
        "order %s of %s goods", "o-9", 3);
    Sentry.logger().error("bank %s said no", "north");
    SentryAttributes shop = SentryAttributes.of(SentryAttribute.stringAttribute("shop", "north"));
    Sentry.metrics().count("orders", 2.0, null, SentryMetricsParameters.create(shop));
    Sentry.metrics().gauge("queue.depth", 7.5);
    Sentry.metrics().distribution("pay.latency", 12.5, "millisecond");
  }
}
