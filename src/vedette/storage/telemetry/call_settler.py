"""Put the two ends of calls together, once, when both had their time to come in.

What came in within one slice of time is settled in one step: its called ends with their callers,
and those of its calling ends that nobody answered (databases, brokers, the outside world). The
other end may have come a little earlier or later. A step is one insert under a token that is made
of its slice alone, so that a step which is repeated after a crash counts nothing twice.
"""

import threading
from pathlib import Path
from typing import Final

from vedette.storage.telemetry.decode import decode_column
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.mend import make_durable
from vedette.storage.telemetry.port import StoreUnreachable

SLICE_S: Final = 10
"""As coarse as `arrival` in the table of ends."""
OTHER_END_S: Final = 20
"""So far apart both ends may come in: SDKs send every five seconds. A caller that comes later is
not known as such, and what it called is shown as the outside world."""
STEP_COUNT_MAX: Final = 60
"""Slices in one call, so that its caller can stop in between."""

_NANOSECONDS: Final = 1_000_000_000
_SLICE: Final = "toDateTime({slice:UInt32}, 'UTC')"
_NEAR: Final = f"arrival >= {_SLICE} - {OTHER_END_S} AND arrival <= {_SLICE} + {OTHER_END_S}"
_CALLED: Final = f"arrival = {_SLICE} AND is_called_end"
_SETTLED: Final = f"""\
SELECT minute, caller_project_id, project_id, environment, caller, kind, called, via, is_error,
    count() AS call_count, sum(stands_for) AS weight,
    sum(toFloat64(duration_ns) * stands_for) AS duration_sum,
    quantilesTDigestWeightedState(0.5)(duration_ns, stands_for) AS durations,
    quantilesTDigestWeightedStateIf(0.5)(lag_ns, stands_for, has_lag) AS lags
FROM
(
    SELECT minute, callers.caller_project_id AS caller_project_id, project_id, environment,
        callers.caller AS caller, if(peer_kind = 'queue', 'queue', 'service') AS kind,
        service AS called, peer AS via, is_error, duration_ns, stands_for,
        callers.is_known AS has_lag,
        if(has_lag, toUInt64(greatest(0, toUnixTimestamp64Nano(start_time) - callers.start_ns)), 0)
            AS lag_ns
    FROM (SELECT * FROM call_ends WHERE {_CALLED}) AS called_ends
    LEFT ANY JOIN
    (
        SELECT call_id, project_id AS caller_project_id, service AS caller,
            toUnixTimestamp64Nano(start_time) AS start_ns, toUInt8(1) AS is_known
        FROM call_ends
        WHERE {_NEAR} AND NOT is_called_end
            AND call_id IN (SELECT call_id FROM call_ends WHERE {_CALLED})
    ) AS callers USING (call_id)
    UNION ALL
    SELECT minute, project_id AS caller_project_id, toUInt32(0) AS project_id, environment,
        service AS caller, peer_kind AS kind, peer AS called, '' AS via, is_error, duration_ns,
        stands_for, toUInt8(0) AS has_lag, toUInt64(0) AS lag_ns
    FROM call_ends
    WHERE arrival = {_SLICE} AND NOT is_called_end AND peer != ''
        AND call_id NOT IN (SELECT call_id FROM call_ends WHERE {_NEAR} AND is_called_end)
)
GROUP BY minute, caller_project_id, project_id, environment, caller, kind, called, via, is_error
"""


class CallSettler:
    """Settles calls, one slice after another."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._tables_of_calls = folder / "data" / "default"
        # One at a time: the token of a slice is known only once it is stored.
        self._settle_lock = threading.Lock()

    def settle_calls(self, *, arrived_before_ns: int) -> int:
        """Count calls whose ends came in before; see the port."""
        with self._settle_lock:
            # The slice, and the time after it in which the other end may come.
            before_s = arrived_before_ns // _NANOSECONDS - SLICE_S - OTHER_END_S
            slices = self._open_slices(before_s)
            for slice_s in slices:
                self._settle(slice_s)
            return len(slices)

    def _open_slices(self, before_s: int) -> list[int]:
        """Return the slices in which something came in, after the last that is settled."""
        answer = self._engine.ask(
            "SELECT DISTINCT toInt64(toUnixTimestamp(arrival)) AS slice FROM call_ends"
            " WHERE arrival > (SELECT max(until) FROM calls_settled)"
            " AND arrival < toDateTime({before:UInt32}, 'UTC') ORDER BY slice LIMIT {count:UInt32}",
            {"before": max(0, before_s), "count": STEP_COUNT_MAX},
        )
        return [slice_s for slice_s in decode_column(answer) if isinstance(slice_s, int)]

    def _settle(self, slice_s: int) -> None:
        token = f"calls:{slice_s}"
        rows = self._engine.ask(_SETTLED, {"slice": slice_s}, form="Native")
        mark = self._engine.ask(
            "SELECT 'calls' AS name, toDateTime({slice:UInt32}, 'UTC') AS until",
            {"slice": slice_s},
            form="Native",
        )
        for table, body in (("calls", rows), ("calls_settled", mark)):
            if body:
                self._engine.insert(table, body, token=token)
                self._make_table_durable(table)

    def _make_table_durable(self, table: str) -> None:
        try:
            make_durable(self._tables_of_calls / table)
        except OSError as error:
            raise StoreUnreachable(f"calls could not be brought to the disk: {error}") from error
