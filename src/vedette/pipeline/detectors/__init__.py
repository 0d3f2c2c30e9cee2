"""Detectors: pure functions that find faults in traces. One file each, listed in `catalogue`."""
