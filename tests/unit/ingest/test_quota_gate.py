"""Quotas are counted by window, category, project and key."""

from tests.fakes.hand_clock import HandClock
from vedette.ingest.quota_gate import QuotaGate, rate_limit_header
from vedette.model.category import Category
from vedette.model.project import ProjectKey, Quota

KEY = ProjectKey(7, 1, "a" * 32, "Default", is_active=True, created_ns=0)
OTHER_KEY = ProjectKey(8, 1, "b" * 32, "Other", is_active=True, created_ns=0)


def quota(
    category: Category | None, most: int, key_id: int | None = None, quota_id: int = 1
) -> Quota:
    return Quota(quota_id, 1, key_id, category, most, window_s=60)


def test_without_quotas_everything_comes_in() -> None:
    assert QuotaGate(HandClock()).let_in(KEY, (), {Category.ERROR: 10**9}) == {}


def test_a_full_window_refuses_only_its_category_until_it_ends() -> None:
    clock = HandClock()
    gate = QuotaGate(clock)
    quotas = (quota(Category.ERROR, 2),)
    asked = {Category.ERROR: 1, Category.SPAN: 100}

    first = [gate.let_in(KEY, quotas, asked) for _ in range(2)]
    clock.move(5)
    third = gate.let_in(KEY, quotas, asked)
    clock.move(55)
    fourth = gate.let_in(KEY, quotas, asked)

    assert first == [{}, {}]
    assert list(third) == [Category.ERROR]
    assert (third[Category.ERROR].scope, third[Category.ERROR].retry_after_s) == ("project", 56)
    assert fourth == {}


def test_a_quota_of_a_key_does_not_touch_other_keys() -> None:
    gate = QuotaGate(HandClock())
    quotas = (quota(None, 1, key_id=KEY.key_id),)

    gate.let_in(KEY, quotas, {Category.ERROR: 1})

    assert gate.let_in(OTHER_KEY, quotas, {Category.ERROR: 1}) == {}
    assert gate.let_in(KEY, quotas, {Category.ERROR: 1})[Category.ERROR].scope == "key"


def test_a_batch_larger_than_the_quota_passes_once() -> None:
    gate = QuotaGate(HandClock())
    quotas = (quota(Category.SPAN, 10),)

    assert gate.let_in(KEY, quotas, {Category.SPAN: 1_000}) == {}
    assert Category.SPAN in gate.let_in(KEY, quotas, {Category.SPAN: 1})


def test_client_reports_are_never_refused() -> None:
    assert QuotaGate(HandClock()).let_in(KEY, (quota(None, 0),), {Category.INTERNAL: 5}) == {}


def test_the_header_speaks_the_language_of_the_sdks() -> None:
    gate = QuotaGate(HandClock())
    refused = gate.let_in(
        KEY, (quota(Category.ERROR, 0), quota(None, 0, quota_id=2)), {Category.ERROR: 1}
    )

    assert rate_limit_header(list(refused.values())) == "61:error:project:over_quota"
