"""Attachments on their line: bytes before rows, one id for one file, and an outcome for each."""

import json
from collections import Counter
from dataclasses import replace

from tests.fakes.memory_blobs import MemoryBlobs
from tests.fakes.native_block import rows_of
from tests.unit.ingest.test_batch import CONTEXT, RECEIVED_NS
from vedette.ingest.batch import digest_batch
from vedette.model.attachment import ATTACHMENTS_PER_ENVELOPE_MAX
from vedette.model.json_value import JsonObject
from vedette.model.record import Record, RecordKind, RecordMeta
from vedette.model.taken import Taken

EVENT_ID = "1" * 32


def sent(*files: tuple[JsonObject, bytes], header: JsonObject | None = None) -> Record:
    lines = [json.dumps({"event_id": EVENT_ID} if header is None else header).encode()]
    for given, payload in files:
        item = {"type": "attachment", "length": len(payload), **given}
        lines += [json.dumps(item).encode(), payload]
    meta = RecordMeta(RecordKind.ENVELOPE, 7, 8, RECEIVED_NS)
    return Record(1, meta, b"\n".join(lines))


def digested(blobs: MemoryBlobs, *records: Record) -> Taken:
    context = replace(CONTEXT, keep_blob=blobs.put)
    return digest_batch(records, context, unpacked_bytes_max=10**7)


def rows(taken: Taken) -> list[dict[str, object]]:
    return [row for block in taken.blocks if block.table == "attachments" for row in rows_of(block)]


def reasons(taken: Taken) -> Counter[tuple[str, str, str]]:
    return Counter((each.category, each.fate, each.reason) for each in taken.outcomes)


def test_the_bytes_lie_where_the_row_says() -> None:
    blobs = MemoryBlobs()
    data = b"\x00\xff\n{not json"
    header: JsonObject = {
        "filename": "a b.bin",
        "content_type": "image/png",
        "attachment_type": "event.minidump",
    }

    taken = digested(blobs, sent((header, data)))

    [row] = rows(taken)
    attachment_id = row["attachment_id"]
    assert isinstance(attachment_id, bytes)
    key = f"attachments/2026-01-01/7/{EVENT_ID}/{attachment_id.hex()}"
    assert blobs.get(key) == data
    assert (row["name"], row["content_type"], row["byte_count"]) == (
        "a b.bin",
        "image/png",
        len(data),
    )
    assert row["attachment_type"] == "event.minidump"
    assert reasons(taken) == {("attachment", "accepted", ""): 1}


def test_the_same_file_of_the_same_event_has_the_same_place() -> None:
    blobs = MemoryBlobs()
    again = [rows(digested(blobs, sent(({"filename": "a"}, b"x")))) for _ in range(2)]
    others = rows(digested(blobs, sent(({"filename": "b"}, b"x"), ({"filename": "a"}, b"y"))))

    ids = {row["attachment_id"] for row in (*again[0], *again[1], *others)}

    assert again[0] == again[1]
    assert len(ids) == len(list(blobs.list(""))) == 3


def test_names_of_strangers_are_no_more_than_names() -> None:
    names: list[JsonObject] = [
        {},
        {"filename": 7},
        {"filename": "\r\nSet-Cookie: a\x00"},
        {"filename": "../../etc/passwd"},
        {"filename": "x" * 1_000},
    ]

    kept = rows(digested(MemoryBlobs(), sent(*((name, b"x") for name in names))))

    assert [row["name"] for row in kept] == [
        "<unknown>",
        "<unknown>",
        "Set-Cookie: a",
        "../../etc/passwd",
        "x" * 255,
    ]


def test_what_belongs_to_no_event_is_not_kept() -> None:
    blobs = MemoryBlobs()
    elsewhere: JsonObject = {"content_type": "application/vnd.sentry.attachment-ref+json"}

    nobodys = digested(blobs, sent(({}, b"x"), header={}))
    referred = digested(blobs, sent((elsewhere, b"{}")))

    assert reasons(nobodys) == {("attachment", "invalid", "missing_field"): 1}
    assert reasons(referred) == {("attachment", "invalid", "not_yet_supported"): 1}
    assert list(blobs.list("")) == []


def test_an_envelope_brings_only_so_many() -> None:
    files: list[tuple[JsonObject, bytes]] = [
        ({"filename": f"{number}"}, b"x") for number in range(ATTACHMENTS_PER_ENVELOPE_MAX + 2)
    ]

    taken = digested(MemoryBlobs(), sent(*files))

    assert len(rows(taken)) == ATTACHMENTS_PER_ENVELOPE_MAX
    assert reasons(taken) == {
        ("attachment", "accepted", ""): ATTACHMENTS_PER_ENVELOPE_MAX,
        ("attachment", "invalid", "too_many"): 2,
    }
