"""Versions of releases."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.model.release_version import (
    Semver,
    parse_version,
    semver_key,
    why_not_a_version,
)

IN_ORDER = [
    "shop@1.0",
    "shop@1.0.0.1",
    "shop@1.0.1-alpha",
    "shop@1.0.1-alpha.1",
    "shop@1.0.1-alpha.beta",
    "shop@1.0.1-beta.2",
    "shop@1.0.1-beta.11",
    "shop@1.0.1-rc.1",
    "shop@1.0.1",
    "shop@1.0.1+9",
    "shop@1.0.1+10",
    "shop@1.0.1+abc",
    "shop@1.2",
    "shop@1.10.0",
    "shop@v2.0.0",
]


def key(version: str) -> bytes:
    found = semver_key(parse_version(version))
    assert found is not None, version
    return found


def test_numbered_versions_sort_as_people_count_them() -> None:
    for earlier, later in itertools.pairwise(IN_ORDER):
        assert key(earlier) < key(later), (earlier, later)


def test_missing_numbers_are_zeros() -> None:
    assert key("shop@1.0") == key("other@1.0.0.0")


@pytest.mark.parametrize(
    ("raw", "package", "semver"),
    [
        ("shop@1.2.3", "shop", Semver(1, 2, 3, 0, "", "", 3)),
        ("com.shop.app@1.2.3-rc.1+45", "com.shop.app", Semver(1, 2, 3, 0, "rc.1", "45", 3)),
        ("1.2.3", "", Semver(1, 2, 3, 0, "", "", 3)),
        ("@scope.shop@2.0", "@scope.shop", Semver(2, 0, 0, 0, "", "", 2)),
        ("v1.2.3.4", "", Semver(1, 2, 3, 4, "", "", 4)),
        ("shop@1.0.0rc1", "shop", Semver(1, 0, 0, 0, "rc1", "", 3)),
        ("shop@20261125", "shop", None),
        ("shop@", "", None),
        ("a" * 40, "", None),
        ("1234567890" * 4, "", None),
        ("main", "", None),
        ("99999999999999999999.1", "", None),
    ],
)
def test_a_version_is_taken_apart(raw: str, package: str, semver: Semver | None) -> None:
    parsed = parse_version(raw)

    assert (parsed.package, parsed.semver) == (package, semver)


def test_a_git_revision_is_shown_by_its_beginning() -> None:
    revision = "8f1bd0e3a4c2" + "0" * 28

    assert parse_version(revision).short == "8f1bd0e3a4c2"
    assert parse_version(revision).build_hash == revision
    assert parse_version(f"shop@1.0.0+{revision}").description == "1.0.0 (8f1bd0e3a4c2)"


@pytest.mark.parametrize(
    "version",
    ["", " ", ".", "..", "latest", "Latest", "a\nb", "a\tb", "/", "//", "\x00", "x" * 201],
)
def test_what_cannot_be_a_version_says_why(version: str) -> None:
    assert why_not_a_version(version)


@pytest.mark.parametrize(
    "version", ["shop@1.2.3+build", "1", "a b", "late.st", "feature/login", "x" * 200, "ü"]
)
def test_most_texts_can_be_a_version(version: str) -> None:
    assert why_not_a_version(version) is None


@given(st.text())
def test_taking_apart_never_raises_whatever_the_text(raw: str) -> None:
    parsed = parse_version(raw)

    semver_key(parsed)
    assert parsed.raw == raw
    assert isinstance(parsed.description + parsed.short, str)


NUMBERS = st.integers(min_value=0, max_value=2**63 - 1)


@given(st.tuples(NUMBERS, NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS, NUMBERS))
def test_keys_compare_as_the_numbers_do(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    first, second = ("x@" + ".".join(map(str, numbers)) for numbers in (one, other))

    assert (key(first) < key(second)) is (one < other)
