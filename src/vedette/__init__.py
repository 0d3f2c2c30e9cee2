"""Vedette: application monitoring in one process, for Sentry SDKs and OpenTelemetry."""
