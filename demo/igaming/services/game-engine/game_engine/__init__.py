"""The slot machine: mathematics, rounds, live feed."""
