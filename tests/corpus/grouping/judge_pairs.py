"""Run the grouping over every pair of the corpus and compare with what a person said."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from tests.corpus.grouping.build_event import Spec, build_pair
from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping import Grouping, GroupingRules, group_event
from vedette.pipeline.normalise_event import EventFacts, normalise_event
from vedette.protocols.json_text import Unreadable
from vedette.protocols.sentry_event import read_event

FOLDER = Path(__file__).parent
EVENT_ID = "0" * 31 + "1"


@dataclass(frozen=True)
class Judged:
    """One pair and what became of it."""

    file: str
    name: str
    wanted_same: bool
    first: Grouping
    second: Grouping

    @property
    def is_same(self) -> bool:
        """Whether the second event would find the issue that the first one made."""
        known = {each.value for each in self.first.hashes}
        return any(each.value in known for each in self.second.hashes)

    @property
    def is_right(self) -> bool:
        return self.is_same == self.wanted_same


def judge_all() -> Iterator[Judged]:
    """Judge all pairs of all files."""
    rules = GroupingRules()
    for path in sorted(FOLDER.glob("*.json")):
        corpus = json.loads(path.read_text("utf-8"))
        for pair in corpus["pairs"]:
            first, second = build_pair(corpus, pair)
            yield Judged(
                path.stem,
                pair["name"],
                pair["same"],
                group_event(normalised(first), rules),
                group_event(normalised(second), rules),
            )


def normalised(event: Spec) -> JsonObject:
    """Return the event as the digester would hand it over."""
    decoded = read_event(orjson.dumps(event), event_id=EVENT_ID)
    assert not isinstance(decoded, Unreadable)
    facts = EventFacts(EVENT_ID, decoded.level, decoded.platform, None, None, 1, "", "", {}, 0)
    return normalise_event(decoded.body, facts).body


def table(judged: list[Judged]) -> str:
    """Return how many pairs of each file were decided as a person would."""
    lines = ["| corpus | pairs | right | missed |", "|---|---|---|---|"]
    for file in sorted({each.file for each in judged}):
        of_file = [each for each in judged if each.file == file]
        right = sum(each.is_right for each in of_file)
        lines.append(f"| {file} | {len(of_file)} | {right} | {len(of_file) - right} |")
    right = sum(each.is_right for each in judged)
    share = 100 * right / len(judged)
    lines.append(f"| **all** | {len(judged)} | {right} ({share:.1f} %) | {len(judged) - right} |")
    return "\n".join(lines)


def misses(judged: list[Judged]) -> str:
    """Return the pairs that were decided otherwise, one a line."""
    missed = [each for each in judged if not each.is_right]
    return "\n".join(
        f"- {each.file}: {each.name} (a person: {'one' if each.wanted_same else 'two'})"
        for each in missed
    )
