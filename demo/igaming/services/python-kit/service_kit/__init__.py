"""What both Python services need: settings, the Sentry set-up, faults, Kafka headers."""
