"""A batch's rows are stored in an order in which they can be read."""

from collections.abc import Sequence

from vedette.ingest.batch import digest_batch
from vedette.ingest.line import Line, LineContext
from vedette.model.block import Block
from vedette.model.item import Item
from vedette.model.promoted import LOG_COLUMNS, METRIC_COLUMNS, SPAN_COLUMNS
from vedette.model.record import Record, RecordKind, RecordMeta
from vedette.model.taken import Taken
from vedette.native import Decoder

CONTEXT = LineContext(
    Decoder(SPAN_COLUMNS, LOG_COLUMNS, METRIC_COLUMNS, past_ns_max=1, future_ns_max=1),
    project_by_id={},
    known_event_ids=lambda _project, _ids, _before: frozenset(),
    first_sequence=1,
)


def takes_in(*tables: str) -> Line:
    def take_in(items: Sequence[Item], context: LineContext) -> Taken:
        return Taken(tuple(Block(table, b"", 1) for table in tables), ())

    return Line("spans", frozenset({"span"}), take_in)


def test_what_rows_refer_to_is_stored_before_them() -> None:
    meta = RecordMeta(kind=RecordKind.ENVELOPE, project_id=1, key_id=1, received_ns=1)
    record = Record(1, meta, b'{}\n{"type":"span"}\n{}\n')

    taken = digest_batch(
        [record],
        CONTEXT,
        unpacked_bytes_max=1_000,
        lines=[takes_in("spans", "attribute_keys", "resources")],
    )

    assert [each.table for each in taken.blocks] == ["resources", "spans", "attribute_keys"]
