"""Errands: what is given up is told, and only while it runs."""

import pytest

from vedette.base.errand import Errand, current_errand


def test_work_knows_the_errand_it_is_done_for() -> None:
    errand = Errand()

    assert errand.run(current_errand) is errand
    assert current_errand() is None


def test_what_runs_is_ended_when_the_errand_is_given_up() -> None:
    errand = Errand()
    ended: list[str] = []

    with errand.ended_by(lambda: ended.append("first")):
        errand.give_up()
    errand.give_up()

    assert ended == ["first"]
    assert errand.is_given_up


def test_work_that_fails_leaves_no_errand_behind() -> None:
    with pytest.raises(ZeroDivisionError):
        Errand().run(lambda: 1 // 0)

    assert current_errand() is None
