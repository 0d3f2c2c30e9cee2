"""The benchmarks of Vedette: `python -m bench` runs them against a server of their own."""
