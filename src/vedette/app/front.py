"""The main port: bodies to the write door, pages to the browser, all else to the read door."""

from typing import Final

from vedette.api.app import make_api
from vedette.api.outer_layers import SafeHeaders
from vedette.api.services import ApiServices
from vedette.app.pages import Pages, is_page_address
from vedette.ingest.door import Door, find_target
from vedette.ingest.http_answer import Receive, Scope, Send

_LOOKING: Final = frozenset({"GET", "HEAD"})


class Front:
    """The ASGI application of the main port."""

    def __init__(self, door: Door, services: ApiServices) -> None:
        self._door = door
        self._api = make_api(services)
        self._pages = SafeHeaders(Pages(services.ids))

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
        if find_target(path):
            await self._door(scope, receive, send)
        elif scope["method"] in _LOOKING and is_page_address(path):
            await self._pages(scope, receive, send)
        else:
            await self._api(scope, receive, send)
