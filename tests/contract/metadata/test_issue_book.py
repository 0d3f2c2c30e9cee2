"""Issues as they are found: alone, by condition, in order, by the hashes that they own."""

import pytest

from tests.contract.metadata.conftest import Shop
from tests.fakes.sightings import NOON_NS, SECOND_NS, a_hash, a_sighting, see
from vedette.model.issue_question import IssueQuestion, IssueSort
from vedette.model.question import (
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    Contains,
    Field,
    Has,
    Not,
    Operator,
    Scalar,
)
from vedette.model.sighting import SightingDetails
from vedette.storage.metadata.issue_book_port import IssueQuestionWrong


@pytest.fixture
def five(shop: Shop) -> Shop:
    """Five issues of one project, the higher the number the later, and one of another."""
    see(
        shop.metadata,
        a_sighting(1, project_id=shop.project_id, title="Disk is full", level="fatal"),
        a_sighting(2, project_id=shop.project_id, title="100% of_it", time_ns=NOON_NS + SECOND_NS),
        a_sighting(2, project_id=shop.project_id, title="100% of_it", time_ns=NOON_NS + SECOND_NS),
        a_sighting(
            3,
            project_id=shop.project_id,
            title="KeyError: x",
            details=SightingDetails(type="KeyError", value="x of the disk"),
            level="warning",
            time_ns=NOON_NS + 2 * SECOND_NS,
        ),
        a_sighting(
            4,
            project_id=shop.project_id,
            release="shop@2",
            is_unhandled=True,
            time_ns=NOON_NS + 3 * SECOND_NS,
        ),
        a_sighting(
            5,
            project_id=shop.project_id,
            level="info",
            other_hashes=(a_hash(55),),
            time_ns=NOON_NS + 4 * SECOND_NS,
        ),
        a_sighting(1, project_id=shop.other_project_id, title="Disk is full too"),
    )
    return shop


def is_(name: str, operator: Operator, *values: Scalar) -> Compare:
    return Compare(Field(name), operator, values)


EQUAL, IN, LIKE = Operator.EQUAL, Operator.IN, Operator.LIKE


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        (AllOf(()), [5, 4, 3, 2, 1]),
        (AnyOf(()), []),
        (is_("level", EQUAL, "fatal"), [1]),
        (is_("level", Operator.NOT_IN, "fatal", "info"), [4, 3, 2]),
        (is_("priority", EQUAL, "high"), [4, 1]),
        (is_("status", EQUAL, "unresolved"), [5, 4, 3, 2, 1]),
        (is_("substatus", Operator.NOT_EQUAL, "new"), []),
        (is_("title", LIKE, "DISK*"), [1]),
        (is_("title", LIKE, "100% of_it"), [2]),
        (is_("title", LIKE, "1__% of_it"), []),
        (is_("title", Operator.NOT_LIKE, "*i*"), [5, 4, 3]),
        (Contains("disk"), [3, 1]),
        (Contains("0%"), [2]),
        (is_("error.type", IN, "KeyError", "ValueError"), [3]),
        (Has(Field("error.type")), [3]),
        (Not(Has(Field("first_release"))), [5, 3, 2, 1]),
        (is_("unhandled", EQUAL, True), [4]),
        (is_("times_seen", Operator.GREATER, 1), [2]),
        (is_("last_seen", Operator.LESS_OR_EQUAL, NOON_NS + SECOND_NS), [2, 1]),
        (is_("assigned_to", EQUAL, 0), [5, 4, 3, 2, 1]),
        (Has(Field("assigned_to")), []),
        (is_("hash", EQUAL, a_hash(55)), [5]),
        (is_("hash", Operator.NOT_IN, a_hash(55), a_hash(1)), [4, 3, 2]),
        (is_("bookmarked_by", EQUAL, 1), []),
        (is_("issue.number", IN, 1, 3, 10**30), [3, 1]),
        (AnyOf((is_("level", EQUAL, "info"), Contains("KeyError"))), [5, 3]),
    ],
)
def test_a_condition_finds_its_issues(five: Shop, condition: Condition, numbers: list[int]) -> None:
    question = IssueQuestion((five.project_id,), condition)

    found = five.metadata.find_issues(question)

    assert [each.number for each in found] == numbers
    assert five.metadata.count_issues(question) == len(numbers)


@pytest.mark.parametrize(
    "condition",
    [
        is_("colour", EQUAL, "red"),
        Has(Field("colour")),
        Compare(Attribute("level"), EQUAL, ("info",)),
        is_("times_seen", EQUAL, "many"),
        is_("times_seen", LIKE, "1*"),
        is_("title", Operator.LESS, "b"),
        is_("unhandled", EQUAL, "yes"),
        is_("title", EQUAL, "a", "b"),
        is_("hash", LIKE, "0*"),
        is_("bookmarked_by", EQUAL, "me"),
        is_("title", IN, *("x",) * 10_001),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(five: Shop, condition: Condition) -> None:
    with pytest.raises(IssueQuestionWrong):
        five.metadata.find_issues(IssueQuestion((five.project_id,), condition))


@pytest.mark.parametrize(
    ("sort", "numbers"),
    [
        (IssueSort.LAST_SEEN, [5, 4, 3, 2, 1]),
        (IssueSort.FIRST_SEEN, [5, 4, 3, 2, 1]),
        (IssueSort.TIMES_SEEN, [2, 5, 4, 3, 1]),
        (IssueSort.PRIORITY, [4, 1, 3, 2, 5]),
    ],
)
def test_issues_come_in_the_asked_order_page_by_page(
    five: Shop, sort: IssueSort, numbers: list[int]
) -> None:
    def page(offset: int, *, is_ascending: bool = False) -> list[int]:
        found = five.metadata.find_issues(
            IssueQuestion(
                (five.project_id,),
                sort=sort,
                is_ascending=is_ascending,
                row_count_max=2,
                row_offset=offset,
            )
        )
        return [each.number for each in found]

    assert [page(0), page(2), page(4)] == [numbers[:3], numbers[2:], numbers[4:]]
    assert page(0, is_ascending=True) == numbers[::-1][:3]


def test_an_issue_is_found_by_id_and_by_number_within_its_projects_only(five: Shop) -> None:
    (first, *_) = five.metadata.find_issues(IssueQuestion((five.project_id,)))
    ours, theirs = [five.project_id], [five.other_project_id]

    assert five.metadata.issue(first.issue_id, project_ids=ours) == first
    assert five.metadata.issue(first.issue_id, project_ids=theirs) is None
    assert five.metadata.issue_by_number(project_id=five.project_id, number=5) == first
    assert five.metadata.issue_by_number(project_id=five.other_project_id, number=5) is None
    for unknown in (0, -1, 99, 10**40):
        assert five.metadata.issue(unknown, project_ids=ours) is None
        assert five.metadata.issue_by_number(project_id=five.project_id, number=unknown) is None
    assert five.metadata.issues_by_id([99, first.issue_id], project_ids=ours) == [first]
    assert five.metadata.issues_by_id([first.issue_id], project_ids=theirs) == []


def test_no_projects_no_issues(five: Shop) -> None:
    assert list(five.metadata.find_issues(IssueQuestion(()))) == []
    assert list(five.metadata.found_hashes(IssueQuestion(()))) == []
    assert five.metadata.count_issues(IssueQuestion(())) == 0


def test_hashes_lead_to_issues_and_issues_to_hashes(five: Shop) -> None:
    own = IssueQuestion((five.project_id,), is_("level", EQUAL, "info"))
    (issue,) = five.metadata.find_issues(own)
    names = [(five.project_id, a_hash(n)) for n in (5, 55, 56)]

    assert list(five.metadata.found_hashes(own)) == [(issue.issue_id, five.project_id, a_hash(5))]
    assert five.metadata.issue_ids_of_hashes(names) == dict.fromkeys(names[:2], issue.issue_id)
    hashes = five.metadata.hashes_of_issues([issue.issue_id, 99])
    assert [(each.hash, each.is_own) for each in hashes[issue.issue_id]] == [
        (a_hash(5), True),
        (a_hash(55), False),
    ]
    assert list(hashes[99]) == []
