"""A batch: every item is kept or accounted for, in an order in which rows can be read."""

import gzip
import json
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.native_block import rows_of
from vedette.ingest.batch import digest_batch
from vedette.ingest.explode import explode
from vedette.ingest.line import Line, LineContext, outcome_of
from vedette.ingest.line_errors import LINE as ERRORS
from vedette.ingest.lines import LINES
from vedette.model.block import Block
from vedette.model.category import CATEGORY_OF_ITEM_TYPE
from vedette.model.item import Item
from vedette.model.outcome import Fate
from vedette.model.promoted import LOG_COLUMNS, METRIC_COLUMNS, SPAN_COLUMNS
from vedette.model.record import Record, RecordKind, RecordMeta
from vedette.model.taken import Taken
from vedette.native import Decoder

RECEIVED_NS = 1_767_225_600_000_000_000
DECODER = Decoder(SPAN_COLUMNS, LOG_COLUMNS, METRIC_COLUMNS, 10**18, 10**18)
EVENT_IDS = ["1" * 32, "2" * 32, "3" * 32]
BODY_BYTES_MAX = 1_000_000


def nothing_known(_project_id: int, _event_ids: Sequence[str], _before: int) -> frozenset[str]:
    return frozenset()


CONTEXT = LineContext(DECODER, {}, nothing_known, first_sequence=1)


def record(
    *items: tuple[str, bytes], sequence: int = 1, skipped: tuple[int, ...] = (), encoding: str = ""
) -> Record:
    lines = [b"{}"]
    for item_type, payload in items:
        lines += [json.dumps({"type": item_type, "length": len(payload)}).encode(), payload]
    meta = RecordMeta(
        RecordKind.ENVELOPE, 7, 8, RECEIVED_NS, encoding=encoding, skipped_items=skipped
    )
    return Record(sequence, meta, b"\n".join(lines))


def event(event_id: str) -> tuple[str, bytes]:
    return "event", json.dumps({"event_id": event_id, "message": "broken"}).encode()


def digested(*records: Record, lines: Sequence[Line] = LINES) -> Taken:
    return digest_batch(records, CONTEXT, unpacked_bytes_max=BODY_BYTES_MAX, lines=lines)


def fates(taken: Taken) -> Counter[tuple[str, str, str]]:
    sums: Counter[tuple[str, str, str]] = Counter()
    for each in taken.outcomes:
        sums[(each.category.value, each.fate.value, each.reason)] += each.quantity
    return sums


def stored(taken: Taken, table: str) -> list[dict[str, object]]:
    return [row for block in taken.blocks if block.table == table for row in rows_of(block)]


def test_items_that_nobody_knows_are_accounted_for() -> None:
    taken = digested(record(("brand_new", b"{}"), ("statsd", b"x"), ("replay_video", b"x")))

    assert fates(taken) == {
        ("unknown", "invalid", "unknown_item_type"): 1,
        ("metric_bucket", "invalid", "removed_product"): 1,
        ("replay", "invalid", "not_yet_supported"): 1,
    }


def test_items_that_the_door_refused_are_left_out() -> None:
    taken = digested(record(event(EVENT_IDS[0]), event(EVENT_IDS[1]), skipped=(0,)))

    assert fates(taken) == {("error", "accepted", ""): 1}
    assert [row["event_id"] for row in stored(taken, "errors")] == [bytes.fromhex(EVENT_IDS[1])]


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        pytest.param(b"no gzip", "gzip", "unreadable", id="broken"),
        pytest.param(gzip.compress(bytes(BODY_BYTES_MAX + 1)), "gzip", "too_large", id="a bomb"),
        pytest.param(b"no envelope", "", "unreadable", id="no envelope"),
    ],
)
def test_a_record_that_cannot_be_read_is_accounted_for(
    body: bytes, encoding: str, reason: str
) -> None:
    meta = RecordMeta(RecordKind.ENVELOPE, 7, 8, RECEIVED_NS, encoding=encoding)

    exploded = explode(Record(1, meta, body), unpacked_bytes_max=BODY_BYTES_MAX)

    assert exploded.items == ()
    assert [each.reason for each in exploded.outcomes] == [reason]


def test_an_item_on_which_its_line_fails_harms_no_other() -> None:
    def fail_on_the_second(items: Sequence[Item], context: LineContext) -> Taken:
        if any(EVENT_IDS[1].encode() in each.payload for each in items):
            raise ValueError("a mistake of ours")
        return ERRORS.take_in(items, context)

    lines = [Line("errors", ERRORS.item_types, fail_on_the_second), *LINES[1:]]
    taken = digested(record(*map(event, EVENT_IDS), ("session", b"no json")), lines=lines)

    assert fates(taken) == {
        ("error", "accepted", ""): 2,
        ("error", "invalid", "internal_error"): 1,
        ("session", "invalid", "unreadable"): 1,
    }
    assert len(stored(taken, "errors")) == 2


def test_a_repeat_is_kept_once_also_when_items_are_taken_one_by_one() -> None:
    failing, repeated, other = EVENT_IDS

    def take_in(items: Sequence[Item], context: LineContext) -> Taken:
        if any(failing.encode() in each.payload for each in items):
            raise RuntimeError("a mistake of ours")
        return ERRORS.take_in(items, context)

    line = Line("errors", frozenset({"event"}), take_in)
    body = record(event(repeated), event(failing), event(repeated), event(failing), event(other))

    taken = digested(body, lines=[line])

    assert sum(block.row_count for block in taken.blocks if block.table == "errors") == 2
    assert fates(taken) == {
        ("error", "accepted", ""): 2,
        ("error", "invalid", "duplicate"): 1,
        ("error", "invalid", "internal_error"): 2,
    }


def test_what_rows_refer_to_is_stored_before_them() -> None:
    def take_in(_items: Sequence[Item], _context: LineContext) -> Taken:
        tables = ("spans", "attribute_keys", "resources")
        return Taken(tuple(Block(table, b"", 1) for table in tables), ())

    taken = digested(record(("span", b"{}")), lines=[Line("spans", frozenset({"span"}), take_in)])

    assert [each.table for each in taken.blocks] == ["resources", "spans", "attribute_keys"]


def test_outcomes_are_stored_as_sums_by_minute() -> None:
    taken = digested(record(*map(event, EVENT_IDS)))

    (row,) = stored(taken, "outcomes")
    assert (row["project_id"], row["key_id"], row["quantity"]) == (7, 8, 3)
    assert (row["category"], row["outcome"], row["reason"]) == ("error", "accepted", "")


def test_a_batch_of_a_made_up_line_goes_to_it() -> None:
    def take_in(items: Sequence[Item], _context: LineContext) -> Taken:
        return Taken((), tuple(outcome_of(each, Fate.ACCEPTED, "") for each in items))

    taken = digested(
        record(("heartbeat", b"")), lines=[Line("heartbeats", frozenset({"heartbeat"}), take_in)]
    )

    assert fates(taken) == {("unknown", "accepted", ""): 1}


ITEM_TYPES = [*sorted(CATEGORY_OF_ITEM_TYPE), "brand_new", "nel"]
PAYLOADS = [
    b"",
    b"{}",
    b"[]",
    b"no json",
    b'{"items":[{},1]}',
    b'{"attrs":{"release":"1"}}',
    b'{"attrs":{"release":"1"},"aggregates":[{},{"started":1767225600,"exited":1}]}',
]
EMPTY_CONTAINERS = [
    ("span", b'{"items":[]}'),
    ("log", b'{"items":[]}'),
    ("trace_metric", b'{"items":[]}'),
    ("sessions", b'{"attrs":{"release":"1"},"aggregates":[]}'),
]
item_types = st.sampled_from(ITEM_TYPES)
payloads = st.one_of(st.binary(max_size=60), st.sampled_from(PAYLOADS))
some_items = st.lists(
    st.tuples(item_types, payloads).filter(lambda item: item not in EMPTY_CONTAINERS), max_size=8
)


@pytest.mark.parametrize("item_type", ITEM_TYPES)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_item_vanishes_whatever_it_is(item_type: str, payload: bytes) -> None:
    taken = digested(record((item_type, payload)))

    assert sum(each.quantity for each in taken.outcomes) >= 1


@pytest.mark.parametrize("item", EMPTY_CONTAINERS)
def test_a_container_of_nothing_needs_no_account(item: tuple[str, bytes]) -> None:
    assert digested(record(item)).outcomes == ()


def test_buckets_of_sessions_that_cannot_be_read_are_accounted_for() -> None:
    buckets = b'[{}, 1, {"started":1767225600, "exited":1}, {"started":1, "exited":1}]'
    payload = b'{"attrs":{"release":"1"},"aggregates":' + buckets + b"}"

    taken = digested(record(("sessions", payload)))

    assert fates(taken) == {
        ("session", "accepted", ""): 1,
        ("session", "invalid", "unreadable"): 2,
        ("session", "invalid", "too_old"): 1,
    }


@given(some_items)
def test_items_side_by_side_are_all_accounted_for(
    items: list[tuple[str, bytes]],
) -> None:
    taken = digested(record(*items))

    assert sum(each.quantity for each in taken.outcomes) >= len(items)
    assert sum(int(str(row["quantity"])) for row in stored(taken, "outcomes")) == sum(
        each.quantity for each in taken.outcomes
    )


@given(some_items)
def test_the_same_records_give_the_same_blocks_again(items: list[tuple[str, bytes]]) -> None:
    records = (record(*items), record(event(EVENT_IDS[0]), sequence=2))

    assert digested(*records) == digested(*records)
