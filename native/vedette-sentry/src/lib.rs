//! Sentry JSON to columns: transactions, span containers, logs, metrics. No Python, no I/O.
