"""Wiring: settings, adapters, servers and workers, the command line."""
