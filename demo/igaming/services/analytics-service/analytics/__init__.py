"""Statistics, player metrics and fraud signals from the events of the platform."""
