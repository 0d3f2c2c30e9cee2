"""Speak with the supervisor over its socket; the one place that knows its remote calls."""

from typing import Any
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]


class Supervisor:
    """The supervisor of one state folder; it may or may not be running."""

    def __init__(self, state_dir: str) -> None:
        self._address = f"unix://{state_dir}/supervisor.sock"

    def pid(self) -> int | None:
        """Return its process id, or None when it does not run."""
        try:
            return int(self._calls().getPID())
        except (OSError, Fault):
            return None

    def start(self, name: str) -> None:
        """Start a program; it may already be running."""
        try:
            self._calls().startProcess(name, False)
        except Fault as fault:
            if "ALREADY_STARTED" not in fault.faultString:
                raise

    def stop(self, name: str, *, is_waiting: bool) -> None:
        """Stop a program; it may not be running, or be between two tries."""
        try:
            self._calls().stopProcess(name, is_waiting)
        except Fault as fault:
            if "NOT_RUNNING" not in fault.faultString:
                raise

    def stop_if_known(self, name: str) -> None:
        """Stop a program that not every start has."""
        try:
            self.stop(name, is_waiting=True)
        except Fault as fault:
            if "BAD_NAME" not in fault.faultString:
                raise

    def reload_configuration(self) -> None:
        """Take over what has changed in the file, for programs that do not run yet."""
        _added, changed, _removed = self._calls().reloadConfig()[0]
        for name in changed:
            self._calls().removeProcessGroup(name)
            self._calls().addProcessGroup(name)

    def known(self) -> set[str]:
        """Return the names of all programs, running or not."""
        return {info["name"] for info in self._calls().getAllProcessInfo()}

    def running(self) -> dict[str, int]:
        """Return the process ids of the programs that run, by name."""
        return {info["name"]: info["pid"] for info in self._calls().getAllProcessInfo() if info["pid"]}

    def shutdown(self) -> None:
        """End the supervisor itself."""
        self._calls().shutdown()

    def _calls(self) -> Any:
        # The library types a remote answer as anything that can be sent; we know what we ask for.
        # A proxy is not kept: its transport keeps a connection that a restart would break.
        return ServerProxy(
            "http://127.0.0.1", transport=SupervisorTransport(None, None, serverurl=self._address)
        ).supervisor
