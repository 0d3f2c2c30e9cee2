"""The promises of the ProjectOptions face."""

from collections.abc import Callable

import pytest

from tests.contract.metadata.conftest import Shop
from vedette.model.json_value import JsonValue
from vedette.storage.metadata.port import OwnerMissing
from vedette.storage.metadata.project_options_port import OPTION_BYTES_MAX


def test_a_project_has_no_options_until_some_are_set(shop: Shop) -> None:
    assert shop.metadata.options(shop.project_id) == {}
    assert shop.metadata.all_options() == {}
    assert shop.metadata.options(-1) == {}
    assert shop.metadata.options(10**30) == {}


def test_options_are_kept_as_they_were_given_each_to_its_project(shop: Shop) -> None:
    own: dict[str, JsonValue] = {"a": [1, 2.5, None, "é\x00\ud800", {"b": True}], "c": ""}

    shop.metadata.set_options(project_id=shop.project_id, changes=own)
    shop.metadata.set_options(project_id=shop.other_project_id, changes={"a": 7})

    assert shop.metadata.options(shop.project_id) == own
    assert shop.metadata.all_options() == {shop.project_id: own, shop.other_project_id: {"a": 7}}


def test_a_change_leaves_the_other_options_and_none_takes_one_back(shop: Shop) -> None:
    shop.metadata.set_options(project_id=shop.project_id, changes={"a": 1, "b": 2})

    shop.metadata.set_options(project_id=shop.project_id, changes={"a": None, "c": 3})

    assert shop.metadata.options(shop.project_id) == {"b": 2, "c": 3}


def test_whoever_keeps_a_copy_sees_that_options_changed(shop: Shop) -> None:
    before = shop.metadata.version()

    shop.metadata.set_options(project_id=shop.project_id, changes={"a": 1})

    assert shop.metadata.version() > before


@pytest.mark.parametrize("project_id", [0, -1, 99, 10**30])
def test_options_belong_to_a_project_that_exists(shop: Shop, project_id: int) -> None:
    with pytest.raises(OwnerMissing):
        shop.metadata.set_options(project_id=project_id, changes={"a": 1})


@pytest.mark.parametrize(
    "make",
    [
        lambda: {"": 1},
        lambda: {"x" * 201: 1},
        lambda: {"\ud800": 1},
        lambda: {"a": "x" * (OPTION_BYTES_MAX + 1)},
    ],
)
def test_what_is_too_long_to_keep_is_a_mistake_and_changes_nothing(
    shop: Shop, make: Callable[[], dict[str, JsonValue]]
) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the port promises no more than that
        shop.metadata.set_options(project_id=shop.project_id, changes={"b": 2, **make()})

    assert shop.metadata.options(shop.project_id) == {}
