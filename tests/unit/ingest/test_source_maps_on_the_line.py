"""Source maps on the line of errors: events are grouped and stored in their sources."""

import json
from dataclasses import replace

from tests.fakes.native_block import rows_of
from tests.unit.ingest.test_batch import CONTEXT, record
from tests.unit.storage.uploads.bundles import COLUMN, DEBUG_ID, Shop, shop_bundle
from vedette.ingest.batch import digest_batch
from vedette.model.source_map import (
    NothingUploaded,
    OpenMap,
    ScriptQuestion,
    ScriptTrouble,
    nothing_uploaded,
)
from vedette.model.taken import Taken


class Uploaded:
    """The shop's maps for whatever project, and how often they were asked for."""

    def __init__(self) -> None:
        self.shop = Shop()
        self.shop.bundle(shop_bundle())
        self.asked: list[ScriptQuestion] = []

    def find(self, question: ScriptQuestion) -> OpenMap | ScriptTrouble | NothingUploaded:
        self.asked.append(question)
        own = replace(question, project_id=self.shop.project_id)
        return self.shop.desk.source_maps.find(own)


def event(number: int, url: str, platform: str = "javascript") -> tuple[str, bytes]:
    frame = {"abs_path": url, "filename": url, "function": "t", "lineno": 1, "colno": COLUMN + 1}
    body = {
        "event_id": f"{number:032x}",
        "platform": platform,
        "exception": {"values": [{"type": "Error", "stacktrace": {"frames": [frame]}}]},
        "debug_meta": {"images": [{"type": "sourcemap", "code_file": url, "debug_id": DEBUG_ID}]},
    }
    return "event", json.dumps(body).encode()


def hashes_and_payloads(taken: Taken) -> tuple[set[object], list[dict[str, object]]]:
    [block] = [each for each in taken.blocks if each.table == "errors"]
    rows = rows_of(block)
    return (
        {each["group_hash"] for each in rows},
        [json.loads(str(each["payload"])) for each in rows],
    )


def test_builds_of_different_names_are_one_group_in_their_sources() -> None:
    uploaded = Uploaded()
    urls = ("https://a.test/app-3f2a9b1c.js", "https://b.test/x/main.9c8d7e6f.js")
    records = [record(*(event(number, url) for number, url in enumerate(urls, start=1)))]
    with_maps = replace(CONTEXT, find_map=uploaded.find)
    without_maps = replace(CONTEXT, find_map=nothing_uploaded)

    mapped = digest_batch(records, with_maps, unpacked_bytes_max=1_000_000)
    raw = digest_batch(records, without_maps, unpacked_bytes_max=1_000_000)

    hashes, payloads = hashes_and_payloads(mapped)
    assert len(hashes) == 1
    assert hashes != hashes_and_payloads(raw)[0]
    assert all("return item.price + sum;" in json.dumps(each) for each in payloads)
    assert [each.event_id for each in mapped.sightings] == [f"{1:032x}", f"{2:032x}"]
    assert {each.culprit for each in mapped.sightings} != {each.culprit for each in raw.sightings}


def test_events_of_other_platforms_ask_for_nothing() -> None:
    uploaded = Uploaded()
    plain = "event", json.dumps({"event_id": "1" * 32, "platform": "python"}).encode()

    digest_batch(
        [record(plain)],
        replace(CONTEXT, find_map=uploaded.find),
        unpacked_bytes_max=1_000_000,
    )

    assert uploaded.asked == []
