"""Every language family, by the platform that frames and events name."""

from functools import lru_cache
from typing import Final

from vedette.pipeline.grouping.families import (
    csharp,
    go,
    java,
    javascript,
    native,
    other,
    php,
    python,
    ruby,
    rust,
)
from vedette.pipeline.grouping.families.family import Family

FAMILIES: Final = (
    csharp.FAMILY,
    go.FAMILY,
    java.FAMILY,
    javascript.FAMILY,
    native.FAMILY,
    other.FAMILY,
    php.FAMILY,
    python.FAMILY,
    ruby.FAMILY,
    rust.FAMILY,
)


@lru_cache(maxsize=64)
def family_of(platform: str, sdk_name: str = "") -> Family:
    """Return the family of a platform; the SDK's name helps where the platform is shared."""
    # The Rust SDK calls its platform `native` or `other`, depending on its age.
    if platform in ("native", "other") and sdk_name.startswith("sentry.rust"):
        return rust.FAMILY
    for family in FAMILIES:
        if platform in family.platforms:
            return family
    return other.FAMILY
