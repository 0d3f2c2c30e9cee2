//! The words of the shop whose traces are made up: services, routes, tables, failures.

pub(crate) const SERVICES: [&str; 12] = [
    "frontend",
    "gateway",
    "auth",
    "catalog",
    "cart",
    "checkout",
    "payment",
    "shipping",
    "email",
    "recommendation",
    "inventory",
    "analytics",
];
pub(crate) const LANGUAGES: [&str; 12] = [
    "nodejs", "go", "go", "java", "dotnet", "go", "nodejs", "rust", "ruby", "python", "java",
    "python",
];
pub(crate) const POD_COUNT: usize = 3;

/// Whom each service calls.
pub(crate) const CALLS: [&[usize]; 12] = [
    &[1],
    &[2, 3, 4, 5, 9],
    &[10],
    &[9, 10],
    &[3, 10],
    &[4, 6, 7, 8, 10],
    &[2, 11],
    &[10, 8],
    &[11],
    &[3, 11],
    &[11],
    &[3],
];
/// Who reads the messages.
pub(crate) const CONSUMERS: [usize; 3] = [7, 8, 11];
pub(crate) const ROUTES: [&str; 12] = [
    "/api/products/{id}",
    "/api/products",
    "/api/cart",
    "/api/cart/items/{id}",
    "/api/checkout",
    "/api/orders/{id}",
    "/api/users/{id}/profile",
    "/api/login",
    "/api/recommendations",
    "/api/search",
    "/api/shipping/quote",
    "/api/payments/charge",
];
pub(crate) const METHODS: [&str; 6] = ["GET", "GET", "GET", "POST", "PUT", "DELETE"];
pub(crate) const TABLES: [&str; 8] = [
    "products",
    "orders",
    "order_items",
    "users",
    "sessions",
    "inventory",
    "payments",
    "shipments",
];
pub(crate) const OPERATIONS: [&str; 5] = ["SELECT", "SELECT", "SELECT", "INSERT", "UPDATE"];
pub(crate) const SYSTEMS: [&str; 3] = [
    "X11; Linux x86_64",
    "Windows NT 10.0; Win64; x64",
    "Macintosh; Intel Mac OS X 10_15_7",
];
pub(crate) const BROWSERS: [&str; 2] = ["Chrome", "Edg"];
pub(crate) const BROWSER_VERSIONS: [u64; 4] = [131, 136, 140, 141];
pub(crate) const TOPICS: [&str; 5] = [
    "orders.created",
    "orders.paid",
    "shipments.requested",
    "mail.outbound",
    "audit.events",
];
pub(crate) const REGIONS: [&str; 3] = ["eu-west-1", "eu-central-1", "us-east-1"];
/// Type and message of each failure; a number goes between the two parts of the message.
pub(crate) const EXCEPTIONS: [(&str, &str, &str); 6] = [
    (
        "java.lang.IllegalStateException",
        "inventory row ",
        " is locked by another transaction",
    ),
    (
        "TimeoutError",
        "deadline exceeded after ",
        " ms calling upstream",
    ),
    (
        "ValueError",
        "could not convert string to float: 'N/A-",
        "'",
    ),
    (
        "psycopg.errors.UniqueViolation",
        "duplicate key value violates unique constraint \"orders_pkey\" (",
        ")",
    ),
    (
        "TypeError",
        "Cannot read properties of undefined (reading 'price') [",
        "]",
    ),
    ("payment.CardDeclined", "card declined by issuer, code ", ""),
];
pub(crate) const INTERNAL: [&str; 10] = [
    "validate",
    "render",
    "serialize",
    "calculate_total",
    "apply_discount",
    "authorize",
    "cache.lookup",
    "rank_candidates",
    "build_response",
    "price_items",
];
pub(crate) const EVENT_NAMES: [&str; 4] = ["cache.miss", "retry", "message", "gc"];
