"""Which releases the rows of a batch name, and when."""

from collections.abc import Iterable

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.release import ReleaseSeen
from vedette.storage.telemetry.pack import Row


def releases_seen(rows: Iterable[Row], *, time: str, ticks_per_s: int) -> tuple[ReleaseSeen, ...]:
    """Return one sighting for each project, release and environment.

    Args:
        rows: Rows of one table with the columns `project_id`, `release` and `environment`.
        time: The column of when it happened.
        ticks_per_s: What that column counts in.
    """
    spans: dict[tuple[int, str, str], tuple[int, int]] = {}
    for row in rows:
        project_id, release, environment = row["project_id"], row["release"], row["environment"]
        when = row[time]
        assert isinstance(project_id, int)
        assert isinstance(release, str)
        assert isinstance(environment, str)
        assert isinstance(when, int)
        key = (project_id, release, environment)
        first, last = spans.get(key, (when, when))
        spans[key] = (min(first, when), max(last, when))
    tick_ns = NANOSECONDS_PER_SECOND // ticks_per_s
    return tuple(
        ReleaseSeen(*key, first * tick_ns, last * tick_ns) for key, (first, last) in spans.items()
    )
