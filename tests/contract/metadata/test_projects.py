"""The Projects face, on every adapter."""

import pytest

from tests.contract.metadata.conftest import Shop
from vedette.model.category import Category
from vedette.model.project import Organization, Project, ProjectKey, Quota
from vedette.storage.metadata.port import AlreadyThere, Metadata, OwnerMissing

NO_IDS = [
    pytest.param(0, id="zero"),
    pytest.param(-1, id="negative"),
    pytest.param(4_711, id="unknown"),
    pytest.param(2**63, id="beyond what a database can hold"),
]


def test_a_fresh_store_is_empty(metadata: Metadata) -> None:
    metadata.check()

    assert list(metadata.organizations()) == []
    assert list(metadata.active_keys()) == []
    assert list(metadata.quotas()) == []


def test_what_is_created_is_returned_and_found_again(metadata: Metadata) -> None:
    organization = metadata.create_organization(slug="acme", name="Äcme ☂", created_ns=2**60)
    project = metadata.create_project(
        organization_id=organization.organization_id,
        slug="shop",
        name="Shop",
        platform="go",
        created_ns=7,
    )
    key = metadata.create_key(
        project_id=project.project_id, public_key="0" * 32, label="web", created_ns=8
    )

    assert organization == Organization(1, "acme", "Äcme ☂", 2**60)
    assert project == Project(1, 1, "shop", "Shop", "go", 7)
    assert key == ProjectKey(1, 1, "0" * 32, "web", is_active=True, created_ns=8)
    assert list(metadata.organizations()) == [organization]
    assert list(metadata.projects(1)) == [project]
    assert list(metadata.keys(1)) == [key]
    assert list(metadata.active_keys()) == [key]


def test_lists_are_oldest_first(shop: Shop) -> None:
    slugs = [each.slug for each in shop.metadata.projects(shop.organization_id)]
    key_ids = [each.key_id for each in shop.metadata.active_keys()]

    assert slugs == ["shop", "blog"]
    assert key_ids == sorted(key_ids)


def test_a_slug_is_taken_once_in_its_organization(shop: Shop) -> None:
    second = shop.metadata.create_organization(slug="second", name="", created_ns=1)
    facts = {"slug": "shop", "name": "", "platform": ""}

    with pytest.raises(AlreadyThere, match="default"):
        shop.metadata.create_organization(slug="default", name="", created_ns=1)
    with pytest.raises(AlreadyThere, match="shop"):
        shop.metadata.create_project(organization_id=shop.organization_id, **facts, created_ns=1)
    elsewhere = shop.metadata.create_project(
        organization_id=second.organization_id, **facts, created_ns=1
    )

    assert list(shop.metadata.projects(second.organization_id)) == [elsewhere]


def test_a_public_key_is_taken_once_in_all_projects(shop: Shop) -> None:
    with pytest.raises(AlreadyThere):
        shop.metadata.create_key(
            project_id=shop.other_project_id, public_key="a" * 32, label="", created_ns=1
        )


@pytest.mark.parametrize("text", ["", "a" * 31, "A" * 32, "g" * 32, "a" * 33, "a" * 32 + "\n"])
def test_a_public_key_is_32_hex_digits(shop: Shop, text: str) -> None:
    with pytest.raises(ValueError, match="32"):
        shop.metadata.create_key(
            project_id=shop.project_id, public_key=text, label="", created_ns=1
        )


@pytest.mark.parametrize("number", NO_IDS)
def test_a_look_up_of_an_id_that_is_not_there_finds_nothing(shop: Shop, number: int) -> None:
    before = list(shop.metadata.active_keys())

    shop.metadata.set_key_active(key_id=number, is_active=False)
    shop.metadata.delete_quota(number)

    assert list(shop.metadata.projects(number)) == []
    assert list(shop.metadata.keys(number)) == []
    assert list(shop.metadata.active_keys()) == before


@pytest.mark.parametrize("number", NO_IDS)
def test_nothing_can_belong_to_an_owner_that_is_not_there(shop: Shop, number: int) -> None:
    with pytest.raises(OwnerMissing):
        shop.metadata.create_project(
            organization_id=number, slug="new", name="", platform="", created_ns=1
        )
    with pytest.raises(OwnerMissing):
        shop.metadata.create_key(project_id=number, public_key="c" * 32, label="", created_ns=1)
    with pytest.raises(OwnerMissing):
        shop.metadata.set_quota(
            project_id=number, key_id=None, category=None, item_count_max=1, window_s=1
        )
    with pytest.raises(OwnerMissing):
        shop.metadata.set_quota(
            project_id=shop.project_id, key_id=number, category=None, item_count_max=1, window_s=1
        )


def test_a_projects_keys_are_its_own(shop: Shop) -> None:
    assert [each.key_id for each in shop.metadata.keys(shop.project_id)] == [shop.key_id]


def test_a_key_that_is_switched_off_is_listed_and_may_not_write(shop: Shop) -> None:
    shop.metadata.set_key_active(key_id=shop.key_id, is_active=False)

    assert [each.is_active for each in shop.metadata.keys(shop.project_id)] == [False]
    assert [each.key_id for each in shop.metadata.active_keys()] == [shop.other_key_id]

    shop.metadata.set_key_active(key_id=shop.key_id, is_active=True)

    assert len(shop.metadata.active_keys()) == 2


@pytest.mark.parametrize("category", [None, Category.ERROR])
@pytest.mark.parametrize("public_key", [None, "a" * 32], ids=["all keys", "one key"])
def test_a_quota_is_replaced_in_its_place(
    shop: Shop, category: Category | None, public_key: str | None
) -> None:
    key_id = None if public_key is None else shop.key_id

    first = shop.metadata.set_quota(
        project_id=shop.project_id, key_id=key_id, category=category, item_count_max=5, window_s=60
    )
    second = shop.metadata.set_quota(
        project_id=shop.project_id, key_id=key_id, category=category, item_count_max=9, window_s=10
    )

    assert second == Quota(first.quota_id, shop.project_id, key_id, category, 9, 10)
    assert list(shop.metadata.quotas()) == [second]


def test_quotas_of_other_keys_and_categories_stand_beside_it(shop: Shop) -> None:
    for project_id, key_id, category in (
        (shop.project_id, None, None),
        (shop.project_id, shop.key_id, None),
        (shop.project_id, None, Category.SPAN),
        (shop.project_id, shop.key_id, Category.SPAN),
        (shop.other_project_id, None, None),
    ):
        shop.metadata.set_quota(
            project_id=project_id, key_id=key_id, category=category, item_count_max=1, window_s=1
        )
    quota = shop.metadata.quotas()[1]

    shop.metadata.delete_quota(quota.quota_id)

    assert len(shop.metadata.quotas()) == 4
    assert quota not in shop.metadata.quotas()


def test_a_quota_cannot_name_a_key_of_another_project(shop: Shop) -> None:
    with pytest.raises(OwnerMissing):
        shop.metadata.set_quota(
            project_id=shop.project_id,
            key_id=shop.other_key_id,
            category=None,
            item_count_max=1,
            window_s=1,
        )

    assert list(shop.metadata.quotas()) == []


def test_the_version_grows_with_every_change_and_only_then(shop: Shop) -> None:
    store = shop.metadata
    seen = [store.version(), store.version()]

    store.create_organization(slug="new", name="", created_ns=1)
    seen.append(store.version())
    store.create_project(
        organization_id=shop.organization_id, slug="new", name="", platform="", created_ns=1
    )
    seen.append(store.version())
    store.create_key(project_id=shop.project_id, public_key="c" * 32, label="", created_ns=1)
    seen.append(store.version())
    store.set_key_active(key_id=shop.key_id, is_active=False)
    seen.append(store.version())
    quota = store.set_quota(
        project_id=shop.project_id, key_id=None, category=None, item_count_max=1, window_s=1
    )
    seen.append(store.version())
    store.delete_quota(quota.quota_id)
    seen.append(store.version())

    assert seen[0] == seen[1]
    assert seen[1:] == sorted(set(seen))


def test_a_refused_change_leaves_no_trace(shop: Shop) -> None:
    before = shop.metadata.version()

    with pytest.raises(AlreadyThere):
        shop.metadata.create_organization(slug="default", name="", created_ns=1)

    assert shop.metadata.version() == before
    assert len(shop.metadata.organizations()) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param("a\x00b", "a\ufffdb", id="NUL"),
        pytest.param("a\ud800b", "a\ufffdb", id="a lone surrogate"),
        pytest.param("'; DROP TABLE users; --", "'; DROP TABLE users; --", id="SQL"),
        pytest.param("😀", "😀", id="beyond the first plane"),
    ],
)
def test_any_text_can_be_a_name(metadata: Metadata, given: str, kept: str) -> None:
    metadata.create_organization(slug=given, name=given, created_ns=1)

    assert [(each.slug, each.name) for each in metadata.organizations()] == [(kept, kept)]


def test_a_text_without_end_is_refused(metadata: Metadata) -> None:
    with pytest.raises(ValueError, match="too long"):
        metadata.create_organization(slug="x" * 1_001, name="", created_ns=1)
    metadata.create_organization(slug="☂" * 1_000, name="", created_ns=1)

    assert len(metadata.organizations()) == 1
