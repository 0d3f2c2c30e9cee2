"""All detectors. A test compares this with the folder."""

from typing import Final

from vedette.pipeline.detectors import n_plus_one_query, slow_query
from vedette.pipeline.detectors.detector import Detector

DETECTORS: Final[tuple[Detector, ...]] = (
    n_plus_one_query.DETECTOR,
    slow_query.DETECTOR,
)
