"""The main port: bodies go to the write door, everything else to the read door."""

from vedette.api.app import make_api
from vedette.api.services import ApiServices
from vedette.ingest.door import Door, find_target
from vedette.ingest.http_answer import Receive, Scope, Send


class Front:
    """The ASGI application of the main port."""

    def __init__(self, door: Door, services: ApiServices) -> None:
        self._door = door
        self._api = make_api(services)

    def close(self) -> None:
        """Let go of the threads on which questions run."""
        self._api.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to the door it is for."""
        if scope["type"] != "http":
            # A websocket gets the read door's refusal; the lifespan is ours, not the doors'.
            await self._api(scope, receive, send)
            return
        path = scope["path"]
        assert isinstance(path, str)
        to = self._door if find_target(path) else self._api
        await to(scope, receive, send)
