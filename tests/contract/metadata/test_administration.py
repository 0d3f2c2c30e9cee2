"""The Administration face, on every adapter."""

import pytest

from tests.contract.metadata.conftest import Shop
from vedette.model.person import Role
from vedette.storage.metadata.port import AlreadyThere, LastOwner, OwnerMissing


def person(shop: Shop, name: str, role: Role = Role.MEMBER) -> int:
    return shop.metadata.create_user(
        email=f"{name}@shop.example", name=name, role=role, created_ns=1
    ).user_id


def test_a_project_is_changed_in_what_is_said(shop: Shop) -> None:
    before = shop.metadata.version()

    changed = shop.metadata.change_project(project_id=shop.project_id, slug="store")

    assert (changed.slug, changed.name, changed.platform) == ("store", "Shop", "python")
    assert shop.metadata.version() > before
    with pytest.raises(AlreadyThere):
        shop.metadata.change_project(project_id=shop.project_id, slug="blog")
    with pytest.raises(OwnerMissing):
        shop.metadata.change_project(project_id=99, name="x")


def test_a_deleted_project_takes_its_keys_with_it(shop: Shop) -> None:
    shop.metadata.delete_project(shop.project_id)
    shop.metadata.delete_project(2**70)

    assert [each.slug for each in shop.metadata.projects(shop.organization_id)] == ["blog"]
    assert [each.key_id for each in shop.metadata.active_keys()] == [shop.other_key_id]


def test_a_key_is_renamed_and_deleted_with_its_quota(shop: Shop) -> None:
    shop.metadata.set_quota(
        project_id=shop.project_id,
        key_id=shop.key_id,
        category=None,
        item_count_max=1,
        window_s=60,
    )

    assert shop.metadata.rename_key(key_id=shop.key_id, label="mobile").label == "mobile"
    shop.metadata.delete_key(shop.key_id)

    assert list(shop.metadata.keys(shop.project_id)) == []
    assert list(shop.metadata.quotas()) == []
    with pytest.raises(OwnerMissing):
        shop.metadata.rename_key(key_id=shop.key_id, label="x")


def test_the_only_owner_stays_one(shop: Shop) -> None:
    kim = person(shop, "kim", Role.OWNER)
    with pytest.raises(LastOwner):
        shop.metadata.set_role(user_id=kim, role=Role.READER)
    with pytest.raises(LastOwner):
        shop.metadata.remove_user(kim)

    lee = person(shop, "lee")
    assert shop.metadata.set_role(user_id=lee, role=Role.OWNER).role is Role.OWNER
    shop.metadata.remove_user(kim)

    assert [each.user_id for each in shop.metadata.users() if each.is_active] == [lee]
    with pytest.raises(LastOwner):
        shop.metadata.set_role(user_id=lee, role=Role.MANAGER)
    with pytest.raises(OwnerMissing):
        shop.metadata.set_role(user_id=99, role=Role.MANAGER)


def test_whoever_is_removed_has_no_token_left(shop: Shop) -> None:
    person(shop, "kim", Role.OWNER)
    lee = person(shop, "lee")
    shop.metadata.create_token(
        user_id=lee, secret_hash="a" * 64, label="", scopes=frozenset({"admin"}), created_ns=1
    )

    shop.metadata.remove_user(lee)
    shop.metadata.set_user_active(user_id=lee, is_active=True)

    assert shop.metadata.token_by_hash("a" * 64) is None


def test_teams_hold_projects_of_their_own_organization(shop: Shop) -> None:
    other = shop.metadata.create_organization(slug="others", name="", created_ns=1)
    team = shop.metadata.create_team(
        organization_id=shop.organization_id, slug="web", name="Web", created_ns=1
    )
    theirs = shop.metadata.create_team(
        organization_id=other.organization_id, slug="web", name="Web", created_ns=1
    )

    shop.metadata.set_team_project(team_id=team.team_id, project_id=shop.project_id, is_in=True)
    shop.metadata.set_team_project(team_id=team.team_id, project_id=shop.project_id, is_in=True)
    with pytest.raises(OwnerMissing):
        shop.metadata.set_team_project(
            team_id=theirs.team_id, project_id=shop.project_id, is_in=True
        )

    [found] = shop.metadata.teams(shop.organization_id)
    assert found.project_ids == {shop.project_id}
    shop.metadata.set_team_project(team_id=team.team_id, project_id=shop.project_id, is_in=False)
    changed = shop.metadata.change_team(team_id=team.team_id, slug="front", name=None)
    assert (changed.slug, changed.name, changed.project_ids) == ("front", "Web", frozenset())
    shop.metadata.delete_team(team.team_id)
    assert list(shop.metadata.teams(shop.organization_id)) == []
    assert list(shop.metadata.teams(other.organization_id)) == [theirs]
