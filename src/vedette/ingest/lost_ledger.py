"""A ledger that knows less than its journal: lost with the metadata, or put back from a copy."""

import logging

from vedette.model.digest_range import DigestRange
from vedette.storage.journal.port import Journal
from vedette.storage.metadata.port import DigestLedger

logger = logging.getLogger(__name__)


def take_the_journals_word(journal: Journal, ledger: DigestLedger) -> None:
    """Tell the ledger what the journal noted and the ledger does not know.

    Records that were digested and are still in the journal would otherwise be stored again, and a
    batch that was half stored would get other bounds than those its rows are known by.
    """
    journal_id, noted = journal.journal_id, journal.progress()
    known_up_to = ledger.finished_up_to(journal_id)
    for each in ledger.open_ranges(journal_id):
        known_up_to = each.last_sequence
        if each.last_sequence <= noted.forgotten_up_to:
            ledger.finish(journal_id, each)
    if known_up_to < noted.forgotten_up_to:
        logger.warning(
            "the ledger knows records up to %d, the journal those up to %d as digested:"
            " the journal is believed",
            known_up_to,
            noted.forgotten_up_to,
        )
        digested = DigestRange(known_up_to + 1, noted.forgotten_up_to)
        ledger.plan(journal_id, digested)
        ledger.finish(journal_id, digested)
        known_up_to = noted.forgotten_up_to
    for each in noted.planned:
        if each.first_sequence > known_up_to:
            ledger.plan(journal_id, each)
            known_up_to = each.last_sequence
