"""A project's rules on the lines: nothing unscrubbed is packed, nothing unwanted is kept."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.fakes.native_block import rows_of
from tests.unit.ingest.test_batch import CONTEXT, record
from vedette.ingest.batch import digest_batch
from vedette.model.project_rules import FilterRules, ProjectRules, ScrubRules
from vedette.model.taken import Taken

SECRET = "hunter2hunter2"


def event(number: int, **body: object) -> tuple[str, bytes]:
    return "event", json.dumps({"event_id": f"{number:032x}", **body}).encode()


def digested(*items: tuple[str, bytes], rules: ProjectRules | None = None) -> Taken:
    sent = record(*items)
    context = CONTEXT
    if rules is not None:
        context = replace(CONTEXT, rules_by_project={sent.meta.project_id: rules})
    return digest_batch([sent], context, unpacked_bytes_max=20_000_000)


def fates(taken: Taken) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for each in taken.outcomes:
        if each.category.value == "error":
            name = (each.fate.value, each.reason)
            sums[name] = sums.get(name, 0) + each.quantity
    return sums


def test_no_planted_secret_reaches_a_block_or_a_sighting() -> None:
    taken = digested(
        event(
            1,
            message=f"password={SECRET}",
            user={"id": "7", "data": {"api_key": SECRET}},
            tags={"auth_token": SECRET},
            exception=[{"type": "E", "value": f"token={SECRET}"}],
        )
    )

    assert fates(taken) == {("accepted", ""): 1}
    assert taken.sightings
    assert SECRET not in repr(taken.sightings)
    assert all(SECRET.encode() not in block.body for block in taken.blocks)


def test_a_project_that_wants_it_so_keeps_all() -> None:
    rules = ProjectRules(scrubbing=ScrubRules(is_on=False))

    taken = digested(event(1, extra={"password": SECRET}), rules=rules)

    assert any(SECRET.encode() in block.body for block in taken.blocks)


def test_what_a_project_does_not_want_ends_as_an_outcome_with_its_reason() -> None:
    rules = ProjectRules(filters=FilterRules(error_messages=("noise*",), releases=("0.*",)))

    taken = digested(
        event(1, message="noise of the street"),
        event(2, message="a", release="0.9"),
        event(3, message="a signal"),
        rules=rules,
    )

    assert fates(taken) == {
        ("filtered", "error-message"): 1,
        ("filtered", "release-version"): 1,
        ("accepted", ""): 1,
    }
    assert len(taken.sightings) == 1


def hostile() -> Iterator[tuple[str, dict[str, object]]]:
    frames = [{"function": f"f{number}", "vars": {"a": "b"}} for number in range(100_000)]
    yield "ten thousand tags", {"tags": {f"tag{number}": "x" for number in range(10_000)}}
    yield (
        "a hundred thousand frames",
        {"exception": [{"type": "E", "stacktrace": {"frames": frames}}]},
    )
    yield "the year 9999", {"timestamp": "9999-12-31T23:59:59Z"}
    causes = [
        {"type": "A", "value": "b", "mechanism": {"exception_id": number, "parent_id": 1 - number}}
        for number in (0, 1)
    ]
    yield "causes in a circle", {"exception": causes}
    keys = ("exception", "threads", "breadcrumbs", "user", "request", "contexts", "tags", "extra")
    for wrong in (7, "x", [None], {"values": 7}, [[["a"]]], True, {"a": {"b": [1]}}):
        yield f"everything is {wrong}", dict.fromkeys((*keys, "logentry", "sdk", "_meta"), wrong)


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in hostile()])
def test_hostile_events_are_kept_as_far_as_they_can_be_and_harm_no_other(
    body: dict[str, object],
) -> None:
    taken = digested(event(1, **body), event(2, message="a neighbour"))

    assert sum(fates(taken).values()) == 2
    [block] = [each for each in taken.blocks if each.table == "errors"]
    assert "a neighbour" in {row["message"] for row in rows_of(block)}


def test_bytes_that_are_no_text_harm_no_other() -> None:
    broken = ("event", b'{"message": "\xff\xfe\\ud800 \\u0000", "extra": {"\xc3": "token=\xff"}}')

    taken = digested(broken, event(2, message="a neighbour"))

    assert fates(taken) == {("accepted", ""): 2}
