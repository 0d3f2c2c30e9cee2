"""The corpus of event pairs: the same issue or not, as a person would decide."""

import pytest

from tests.corpus.grouping.judge_pairs import Judged, judge_all, misses, table
from tests.corpus.grouping.write_misses import BEGIN, END, GUIDE, section

PAIRS_MIN = 150
RIGHT_SHARE_MIN = 0.97


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    return list(judge_all())


def test_pairs_are_decided_as_a_person_would(judged: list[Judged]) -> None:
    print(table(judged), misses(judged), sep="\n")  # noqa: T201 - for whoever looks

    assert len(judged) >= PAIRS_MIN
    assert sum(each.is_right for each in judged) >= RIGHT_SHARE_MIN * len(judged)


def test_both_answers_are_well_represented(judged: list[Judged]) -> None:
    same = sum(each.wanted_same for each in judged)

    assert 50 <= same <= len(judged) - 50


def test_different_issues_are_never_thrown_together(judged: list[Judged]) -> None:
    assert [each.name for each in judged if not each.wanted_same and each.is_same] == []


def test_names_are_told_apart(judged: list[Judged]) -> None:
    names = [(each.file, each.name) for each in judged]

    assert len(set(names)) == len(names)


def test_the_guide_lists_what_is_decided_otherwise() -> None:
    text = GUIDE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0].strip()

    assert text == section(), "run: python -m tests.corpus.grouping.write_misses"
