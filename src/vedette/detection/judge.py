"""The detectors over a trace, each as the projects have set it."""

import logging
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from vedette.model.finding import Finding
from vedette.model.json_value import JsonValue
from vedette.pipeline.detectors.detector import Detector
from vedette.pipeline.detectors.detector_options import DetectorSettings, is_enabled
from vedette.pipeline.detectors.trace_tree import TraceTree

logger = logging.getLogger(__name__)

FINDING_COUNT_MAX: Final = 20
"""Of one detector in one trace: more of them say nothing new."""
_NOTHING_SET: Final[DetectorSettings] = {}


def judge(
    tree: TraceTree,
    detectors: Collection[Detector],
    settings_by_project: Mapping[int, DetectorSettings],
) -> Iterator[Finding]:
    """Yield what the detectors find, each under the settings of the project that it blames."""
    project_ids = {span.project_id for span in tree.spans}
    for detector in detectors:
        alike: dict[str, tuple[Mapping[str, JsonValue], set[int]]] = {}
        for project_id in project_ids:
            settings = settings_by_project.get(project_id, _NOTHING_SET)
            if is_enabled(settings, detector.kind):
                given = settings.get(detector.kind, {})
                # Projects that set the same are judged together.
                alike.setdefault(repr(sorted(given.items())), (given, set()))[1].add(project_id)
        for given, same in alike.values():
            yield from _found(tree, detector, same, given)


def _found(
    tree: TraceTree, detector: Detector, project_ids: set[int], given: Mapping[str, JsonValue]
) -> list[Finding]:
    found: list[Finding] = []
    try:
        for finding in detector.find(tree, given):
            if finding.project_id in project_ids:
                found.append(finding)
            if len(found) == FINDING_COUNT_MAX:
                break
    except Exception:  # a mistake in one detector must not keep the others from looking
        logger.exception("the detector %s failed on trace %s", detector.kind, tree.trace_id)
    return found
