"""Query parameters of lists of issues."""

from typing import Final

from pydantic import Field

from vedette.api.parameters import PageParameters, TimeParameters
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.question import TimeRange
from vedette.query.ask_issues import HOUR_S, ListOrder
from vedette.query.paging import Page, read_page
from vedette.query.refusal import QuestionWrong

ISSUES_PER_PAGE_MAX: Final = 100
SEARCH_DEFAULT: Final = "is:unresolved"
"""Of a request that gives no search at all; an empty one finds everything."""
_STEPS_AUTO: Final = 24
_DAY_S: Final = 24 * HOUR_S


class IssueListParameters(TimeParameters, PageParameters):
    """Which issues, in which order, with which figures."""

    query: str | None = Field(None, description="A search; is:unresolved if it is not given.")
    sort: str = Field("date", description="date, new, freq, user, trends, priority or inbox.")
    limit: int | None = None
    environment: list[str] = Field(default_factory=list)
    series_period: str = Field(
        "24h", alias="groupStatsPeriod", description="Events by time: 24h, 14d or auto; empty: none"
    )
    short_id_lookup: str = Field(
        "0", alias="shortIdLookup", description="1: a search that is a short id finds that issue."
    )

    @property
    def search(self) -> str:
        """The search that holds."""
        return SEARCH_DEFAULT if self.query is None else self.query

    def order(self) -> ListOrder:
        """Return the asked order.

        Raises:
            QuestionWrong: There is none of that name.
        """
        try:
            return ListOrder(self.sort or "date")
        except ValueError:
            known = ", ".join(ListOrder)
            raise QuestionWrong(f"Invalid sort: must be one of {known}") from None

    def issue_page(self) -> Page:
        """Return the asked page."""
        return read_page(
            cursor=self.cursor,
            per_page=self.per_page or self.limit,
            row_count_max=ISSUES_PER_PAGE_MAX,
        )

    def series(self, time_range: TimeRange, now_ns: int) -> tuple[TimeRange, int]:
        """Return over which time the events of each issue are shown, and in which steps.

        Raises:
            QuestionWrong: There is no such period.
        """
        match self.series_period:
            case "24h" | "":
                return TimeRange(now_ns - _DAY_S * NANOSECONDS_PER_SECOND, now_ns), HOUR_S
            case "14d":
                return TimeRange(now_ns - 14 * _DAY_S * NANOSECONDS_PER_SECOND, now_ns), _DAY_S
            case "auto":
                length_s = (time_range.end_ns - time_range.start_ns) // NANOSECONDS_PER_SECOND
                return time_range, max(1, round(length_s / _STEPS_AUTO / HOUR_S)) * HOUR_S
            case _:
                raise QuestionWrong("Invalid groupStatsPeriod: must be 24h, 14d or auto")
