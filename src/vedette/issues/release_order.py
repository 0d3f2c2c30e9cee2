"""Which of two releases is the later: by number where both have one, else by their age."""

from collections.abc import Mapping

from vedette.model.release_version import parse_version, semver_key


def is_later(
    version: str, than: str, *, project_id: int, ages: Mapping[tuple[int, str], int]
) -> bool:
    """Tell whether a release comes after another of the same project.

    Numbers decide only within one package; a release of which no age is known is taken for new.
    """
    if version == than:
        return False
    one, other = parse_version(version), parse_version(than)
    if one.package == other.package:
        key, other_key = semver_key(one), semver_key(other)
        if key is not None and other_key is not None:
            return key > other_key
    age, other_age = ages.get((project_id, version)), ages.get((project_id, than))
    return age is None or other_age is None or age > other_age
