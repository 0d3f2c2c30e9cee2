"""Housekeeping of groups: the events of deleted issues go, and what was counted of them."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.migrate import view_query

if TYPE_CHECKING:
    from vedette.storage.telemetry.engine import Parameter

_SUMS: Final = "error_groups"
_VIEWS: Final = {"errors": "error_groups_from_errors", "findings": "error_groups_from_findings"}
"""Tables of what groups are made of, and how each is counted."""


class GroupsKeeper:
    """Deletes single groups: rare, so that the rewriting that it costs is, too."""

    _engine: Engine
    _put_lock: threading.Lock

    def forget_groups(
        self, project_id: int, hashes: Sequence[str], *, received_before_ns: int
    ) -> None:
        """Delete events of these groups; see the port."""
        if not hashes:
            return
        names = "(SELECT toFixedString(unhex(arrayJoin({hashes:Array(String)})), 16))"
        is_one = f"project_id = {{project_id:UInt32}} AND group_hash IN {names}"
        parameters: dict[str, Parameter] = {"project_id": project_id, "hashes": tuple(hashes)}
        before: dict[str, Parameter] = {"before_ms": received_before_ns // 1_000_000}
        # Nothing may come in between: the sums are made anew from the rows that are left.
        with self._put_lock:
            for table in _VIEWS:
                self._engine.order(
                    f"DELETE FROM {table} WHERE {is_one}"
                    " AND received_at < fromUnixTimestamp64Milli({before_ms:Int64}, 'UTC')",
                    parameters | before,
                )
            self._engine.order(f"DELETE FROM {_SUMS} WHERE {is_one}", parameters)
            for view in _VIEWS.values():
                query = view_query(view, where=is_one)
                self._engine.order(f"INSERT INTO {_SUMS} {query}", parameters)
