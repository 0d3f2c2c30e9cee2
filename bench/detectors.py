"""Print what the detectors find in traces with known faults, and how fast they look."""

import time

from tests.unit.pipeline.detectors.ground_truth import truth_table
from tests.unit.pipeline.detectors.normal_day import normal_day
from vedette.pipeline.detectors.catalogue import DETECTORS

TRACES_PER_HOUR = 100
SEED = 7


def main() -> None:
    """Print the table and the pace."""
    print(truth_table())
    trees = [told.tree() for told in normal_day(TRACES_PER_HOUR, SEED)]
    span_count = sum(len(tree.spans) for tree in trees)
    begun_s = time.perf_counter()
    for tree in trees:
        for detector in DETECTORS:
            list(detector.find(tree, {}))
    taken_s = time.perf_counter() - begun_s
    print(f"all {len(DETECTORS)} detectors over {span_count} spans: {span_count / taken_s:,.0f}/s")


if __name__ == "__main__":
    main()
