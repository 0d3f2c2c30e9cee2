"""The commands about projects, keys, people and tokens, on a data folder of their own."""

from pathlib import Path

import pytest

from vedette.app.admin import (
    create_project,
    create_token,
    create_user,
    list_projects,
    rotate_key,
    set_quota,
)
from vedette.app.cli_refusal import Refused
from vedette.app.data_folder import DataFolder
from vedette.app.settings import Settings
from vedette.app.stores import open_metadata_store
from vedette.storage.metadata.port import Metadata
from vedette.storage.secrets import hash_of_secret


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=str(tmp_path), public_url="https://watch.example.org/sub")


def metadata_of(settings: Settings) -> Metadata:
    return open_metadata_store(settings, DataFolder(Path(settings.data)))


def test_a_project_is_made_with_a_dsn_that_leads_to_it(settings: Settings) -> None:
    made = create_project(settings, slug="Shop", platform="python")

    metadata = metadata_of(settings)
    (key,) = metadata.keys(int(made["id"]))
    metadata.close()
    assert made["slug"] == "shop"
    assert made["dsn"] == f"https://{key.public_key}@watch.example.org/sub/{made['id']}"
    assert [each["slug"] for each in list_projects(settings)] == ["default", "shop"]


def test_a_name_that_cannot_be_a_slug_is_refused(settings: Settings) -> None:
    with pytest.raises(Refused, match="'42' cannot be a slug"):
        create_project(settings, slug="42", platform="python")


@pytest.mark.parametrize("keep_old", [False, True])
def test_rotating_a_key_switches_the_old_ones_off_unless_they_are_kept(
    settings: Settings, *, keep_old: bool
) -> None:
    before = create_project(settings, slug="shop", platform="python")

    after = rotate_key(settings, slug="shop", keep_old=keep_old)

    metadata = metadata_of(settings)
    keys = metadata.keys(int(before["id"]))
    metadata.close()
    assert before["dsn"] != after["dsn"]
    assert [each.is_active for each in keys] == [keep_old, True]
    assert keys[1].public_key in str(after["dsn"])


def test_rotating_the_key_of_no_project_is_refused(settings: Settings) -> None:
    with pytest.raises(Refused, match="there is no project 'nope'"):
        rotate_key(settings, slug="nope", keep_old=False)


def test_a_quota_that_is_set_again_replaces_the_first(settings: Settings) -> None:
    create_project(settings, slug="shop", platform="python")
    set_quota(settings, slug="shop", category="error", count=5, window_s=60)

    told = set_quota(settings, slug="shop", category="error", count=7, window_s=30)

    metadata = metadata_of(settings)
    (quota,) = metadata.quotas()
    metadata.close()
    assert told == "shop: at most 7 items of error in 30 s"
    assert (quota.item_count_max, quota.window_s) == (7, 30)


def test_a_token_belongs_to_its_person_and_can_do_what_it_was_made_for(settings: Settings) -> None:
    create_project(settings, slug="shop", platform="python")
    create_user(settings, email="a@example.org", role="member")

    made = create_token(settings, scopes=("event:read",), email="A@example.org", label="ci")

    metadata = metadata_of(settings)
    found = metadata.token_by_hash(hash_of_secret(str(made["token"])))
    metadata.close()
    assert found is not None
    token, user = found
    assert user.email == "a@example.org"
    assert token.scopes == {"event:read"}
    assert token.label == "ci"
