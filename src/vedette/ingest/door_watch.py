"""Closes the door while the digester is too far behind, and opens it again."""

from collections.abc import Callable

from vedette.base.clock import Clock
from vedette.ingest.door_load import DoorLoad
from vedette.storage.journal.port import Journal, JournalError


class DoorWatch:
    """Looks at the oldest undigested record now and then; the door reads what it found."""

    def __init__(
        self,
        journal: Journal,
        digested_up_to: Callable[[], int],
        age_s_max: float,
        clock: Clock,
        load: DoorLoad,
    ) -> None:
        self._journal = journal
        self._digested_up_to = digested_up_to
        self._age_s_max = age_s_max
        self._clock = clock
        self.load = load
        self.why_closed: str | None = None

    def look(self) -> None:
        """See whether the oldest record waits too long: more of them would only make it worse."""
        try:
            lag = self._journal.lag(after_sequence=self._digested_up_to())
        except JournalError as error:
            # What cannot be read will hardly be written; the next look may find it mended.
            self.why_closed = str(error)
            return
        age_s = lag.age_s(self._clock.now_ns())
        self.load.lag_s = age_s
        self.why_closed = None
        if age_s > self._age_s_max:
            self.why_closed = (
                f"digesting is {age_s:.0f} s behind, more than the {self._age_s_max:.0f} s allowed"
            )
