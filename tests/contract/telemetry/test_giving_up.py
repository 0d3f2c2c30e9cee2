"""A question that nobody waits for any more is ended in the engine, not only forgotten."""

import threading
from collections.abc import Callable

import pytest

from vedette.base.errand import Errand
from vedette.storage.telemetry.chdb_store import ChdbTelemetry
from vedette.storage.telemetry.port import QuestionGivenUp

LONG = "SELECT count() FROM numbers(1900000000) WHERE sipHash64(number, toString(number)) % 7 = 3"
RUNNING = (
    "SELECT count() FROM system.processes WHERE startsWith(Settings['log_comment'], 'question-')"
)


def test_a_statement_ends_when_its_errand_is_given_up(
    open_engine: Callable[[], ChdbTelemetry],
) -> None:
    engine = open_engine()._engine
    errand, failures = Errand(), []

    def ask() -> None:
        try:
            errand.run(lambda: engine.ask(LONG))
        except QuestionGivenUp as failure:
            failures.append(failure)

    thread = threading.Thread(target=ask)
    thread.start()
    while engine.ask(RUNNING, form="TSV") == b"0\n":
        assert thread.is_alive()
    errand.give_up()
    # The statement itself takes a minute.
    thread.join(20)

    assert not thread.is_alive()
    assert len(failures) == 1
    assert engine.ask(RUNNING, form="TSV") == b"0\n"


def test_nothing_begins_for_an_errand_that_was_given_up(
    open_engine: Callable[[], ChdbTelemetry],
) -> None:
    engine, errand = open_engine()._engine, Errand()
    errand.give_up()

    with pytest.raises(QuestionGivenUp):
        errand.run(lambda: engine.ask("SELECT 1"))
