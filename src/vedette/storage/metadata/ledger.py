"""How far the digester is, in SQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from vedette.model.digest_range import DigestRange
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.tables import digest_journals, digest_ranges


class SqlLedger:
    """The DigestLedger face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def finished_up_to(self, journal_id: str) -> int:
        """Return the sequence up to which all is digested; 0 for a journal never seen."""
        question = select(digest_journals.c.finished_up_to).where(
            digest_journals.c.journal_id == rules.keepable(journal_id)
        )
        with self._database.reading() as connection:
            return connection.execute(question).scalar_one_or_none() or 0

    def open_ranges(self, journal_id: str) -> Sequence[DigestRange]:
        """Return ranges that were planned and not finished, in order."""
        with self._database.reading() as connection:
            return _open_ranges(connection, rules.keepable(journal_id))

    def plan(self, journal_id: str, planned: DigestRange) -> None:
        """Write down, durably, that this range is digested as one batch from now on."""
        journal_id = rules.keepable(journal_id)
        with self._database.writing(is_routine=True) as connection:
            finished_up_to = _lock(connection, journal_id)
            open_ranges = _open_ranges(connection, journal_id)
            if planned in open_ranges:
                return
            rules.must_follow(planned, open_ranges, finished_up_to=finished_up_to or 0)
            if finished_up_to is None:
                connection.execute(
                    insert(digest_journals).values(journal_id=journal_id, finished_up_to=0)
                )
            connection.execute(
                insert(digest_ranges).values(
                    journal_id=journal_id,
                    first_sequence=planned.first_sequence,
                    last_sequence=planned.last_sequence,
                )
            )

    def finish(self, journal_id: str, finished: DigestRange) -> None:
        """Write down, durably, that every store has the range. Ranges are finished in order."""
        journal_id = rules.keepable(journal_id)
        with self._database.writing(is_routine=True) as connection:
            finish_in(connection, journal_id, finished)


def finish_in(connection: Connection, journal_id: str, finished: DigestRange) -> bool:
    """Finish a range within a transaction; false if it was finished before."""
    finished_up_to = _lock(connection, journal_id) or 0
    if finished.last_sequence <= finished_up_to:
        return False
    rules.must_be_oldest(finished, _open_ranges(connection, journal_id))
    connection.execute(
        delete(digest_ranges).where(
            digest_ranges.c.journal_id == journal_id,
            digest_ranges.c.first_sequence == finished.first_sequence,
        )
    )
    connection.execute(
        update(digest_journals)
        .where(digest_journals.c.journal_id == journal_id)
        .values(finished_up_to=finished.last_sequence)
    )
    return True


def _lock(connection: Connection, journal_id: str) -> int | None:
    """Keep other writers away from this journal; return up to where it is finished."""
    question = (
        select(digest_journals.c.finished_up_to)
        .where(digest_journals.c.journal_id == journal_id)
        .with_for_update()
    )
    return connection.execute(question).scalar_one_or_none()


def _open_ranges(connection: Connection, journal_id: str) -> list[DigestRange]:
    question = (
        select(digest_ranges.c.first_sequence, digest_ranges.c.last_sequence)
        .where(digest_ranges.c.journal_id == journal_id)
        .order_by(digest_ranges.c.first_sequence)
    )
    return [DigestRange(**row) for row in connection.execute(question).mappings()]
