"""What became of a thing that was sent: kept, or not kept and why."""

from dataclasses import dataclass
from enum import StrEnum

from vedette.model.category import Category


class Fate(StrEnum):
    """The outcomes that Sentry's statistics know."""

    ACCEPTED = "accepted"
    FILTERED = "filtered"
    RATE_LIMITED = "rate_limited"
    INVALID = "invalid"
    ABUSE = "abuse"
    CLIENT_DISCARD = "client_discard"


class Reason:
    """The reasons that Vedette itself gives. Clients and filters may add words of their own."""

    NONE = ""
    OVER_QUOTA = "over_quota"
    NOT_YET_SUPPORTED = "not_yet_supported"
    UNKNOWN_ITEM_TYPE = "unknown_item_type"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    DUPLICATE = "duplicate"
    MISSING_FIELD = "missing_field"
    TOO_MANY = "too_many"
    TOO_OLD = "too_old"
    REMOVED_PRODUCT = "removed_product"
    INTERNAL_ERROR = "internal_error"
    DISCARDED_GROUP = "discarded-hash"
    """Somebody discarded the issue that it belongs to. The word is Sentry's."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """So many things of one category, of one project and key, met one fate."""

    project_id: int
    key_id: int
    category: Category
    fate: Fate
    reason: str
    quantity: int
    time_ns: int
