"""Which traces are read: all that a detector could find something in, fairly chosen."""

import pytest

from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.fakes.telemetry_rows import NOON_NS
from tests.unit.detection.stored_traces import span_block
from tests.unit.pipeline.detectors.ground_truth import TRUTH
from vedette.detection.suspects import Suspect, ask_suspects, choose
from vedette.model.question import TimeRange
from vedette.pipeline.detectors.catalogue import DETECTORS
from vedette.pipeline.detectors.detector import Detector

NOON_MS = NOON_NS // 1_000_000
RECEIVED = TimeRange(NOON_NS, NOON_NS + 10**10)


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda each: str(each.kind))
def test_every_trace_with_a_fault_shows_the_sign_of_its_detector(detector: Detector) -> None:
    faulty, _ = TRUTH[detector.kind]
    telemetry = MemoryTelemetry()
    for number, told in enumerate(faulty):
        block = span_block(told.spans, trace_number=number + 1, received_ms=NOON_MS + 1)
        telemetry.put([block], token=str(number))
    suspects, was_cut = ask_suspects(telemetry, DETECTORS, (1,), RECEIVED)
    seen = {int(each.trace_id, 16) for each in suspects if detector.kind in each.kinds}
    assert seen == {number + 1 for number in range(len(faulty))}
    assert not was_cut


def test_what_came_in_before_is_a_suspect_only_if_something_new_came() -> None:
    (told, *_), _ = TRUTH["n_plus_one_query"]
    telemetry = MemoryTelemetry()
    telemetry.put([span_block(told.spans[:-1], received_ms=NOON_MS - 5_000)], token="early")
    assert ask_suspects(telemetry, DETECTORS, (1,), RECEIVED) == ([], False)
    telemetry.put([span_block(told.spans[-1:], received_ms=NOON_MS + 1)], token="late")
    (suspect,), _ = ask_suspects(telemetry, DETECTORS, (1,), RECEIVED)
    assert "n_plus_one_query" in suspect.kinds


def test_a_loud_service_does_not_keep_the_others_from_being_looked_at() -> None:
    loud = [Suspect(f"l{number}", "loud", ("slow_query",)) for number in range(500)]
    calm = [Suspect("c", "calm", ("slow_query", "large_payload"))]
    chosen = choose([*loud, *calm], trace_count_max=10)
    assert len(chosen.kinds_by_trace) == 10
    assert chosen.kinds_by_trace["c"] == {"slow_query", "large_payload"}
    assert chosen.left_out_count == 491


def test_a_trace_of_several_services_is_read_once_for_all_signs() -> None:
    chosen = choose(
        [Suspect("t", "shop", ("slow_query",)), Suspect("t", "bank", ("retry_storm",))],
        trace_count_max=1,
    )
    assert chosen.kinds_by_trace == {"t": {"slow_query", "retry_storm"}}
    assert chosen.left_out_count == 0
