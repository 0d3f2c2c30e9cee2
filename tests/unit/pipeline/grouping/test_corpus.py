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


# Of the first event of each file. A change here splits every issue of every user: whoever needs one
# makes a new version of the algorithm beside this one.
HASHES = {
    "everyday": ["7e89ca522f164b135248373edbf67506"],
    "go": ["ffd37c3e510bd5a387a1a21ce75e9302", "d71306cfafb9c414101082476edce423"],
    "java": ["e992c29dbc4e6954acdd2b1799924f4d", "6f7a7ef52d27ccf3dc7bd5d7d85cd7a8"],
    "javascript_browser": ["5528d7190f967422ab8b39ea8fcacac0"],
    "javascript_node": ["b512046f5bcb8433ce205bbffa4a2807", "6b194f16d4ac1c32f9a3d923340d8638"],
    "messages": ["e19fc296a5cf0a3f5af92eee06f108d6"],
    "native": ["47074e5c58526d156a6e305d368fc958", "9c78d8d1d81a1bd2df47958765bf6b97"],
    "others": ["8f7fc0f6713d883f68114038729bb8ea", "3c200a42d989e92abba9e55b77c79be3"],
    "python": ["4091bb495caddd19c76fb2d3ff5ccb3b", "454e2e1dffc4ca803df4c180fbc8413a"],
    "rust": ["26c67e485b89e93de842e647e0255692", "3713eff4bbf477ae6091a52ed39906a6"],
}


@pytest.mark.parametrize("file", HASHES)
def test_the_algorithm_gives_the_hashes_that_it_always_gave(
    judged: list[Judged], file: str
) -> None:
    first = next(each.first for each in judged if each.file == file)

    assert [each.value for each in first.hashes] == HASHES[file]


def test_the_guide_lists_what_is_decided_otherwise() -> None:
    text = GUIDE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0].strip()

    assert text == section(), "run: python -m tests.corpus.grouping.write_misses"
