"""From the journal to issues: what a row, an issue and an outcome say of the same event."""

from tests.unit.ingest.digesting import Stores
from vedette.model.issue_question import IssueQuestion
from vedette.model.question import Dataset, Field, RowQuestion, TimeRange

ONE, TWO, THREE = "1" * 32, "2" * 32, "3" * 32


def digest(stores: Stores, *event_ids: str) -> None:
    """Take events in and digest them to the end."""
    stores.take_in(*event_ids)
    digester = stores.digester()
    digester.start()
    assert digester.stop(wait_s=20)


def hashes_in_rows(stores: Stores) -> set[object]:
    answer = stores.telemetry.rows(
        RowQuestion(
            dataset=Dataset.ERRORS,
            project_ids=(stores.project_id,),
            time_range=TimeRange(0, 2 * stores.clock.now_ns()),
            selected=(Field("group.hash"),),
        )
    )
    return set(answer.columns[0])


def test_rows_bear_a_hash_of_the_issue_that_their_events_became() -> None:
    stores = Stores()

    digest(stores, ONE, TWO)

    (issue,) = stores.metadata.find_issues(IssueQuestion((stores.project_id,)))
    assert (issue.title, issue.times_seen) == ("broken", 2)
    owned = stores.metadata.hashes_of_issues([issue.issue_id])[issue.issue_id]
    assert hashes_in_rows(stores) == {each.hash for each in owned if each.is_own}


def test_an_event_that_comes_again_is_not_seen_again() -> None:
    stores = Stores()

    digest(stores, ONE)
    digest(stores, ONE, TWO)

    (issue,) = stores.metadata.find_issues(IssueQuestion((stores.project_id,)))
    assert issue.times_seen == 2


def test_events_of_a_discarded_issue_end_as_outcomes() -> None:
    stores = Stores()
    digest(stores, ONE)
    (issue,) = stores.metadata.find_issues(IssueQuestion((stores.project_id,)))
    stores.metadata.discard_issues(
        [issue.issue_id], project_ids=[stores.project_id], user_id=None, now_ns=1
    )

    digest(stores, TWO, THREE)

    assert stores.event_ids() == [ONE]
    assert stores.outcomes() == {("accepted", ""): 1, ("filtered", "discarded-hash"): 2}
    assert list(stores.metadata.find_issues(IssueQuestion((stores.project_id,)))) == []
