"""Where things are kept: four ports, each with its adapters."""
