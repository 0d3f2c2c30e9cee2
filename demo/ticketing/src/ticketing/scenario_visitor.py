"""Does what people and devices do, through the same doors: forms, API, webhooks."""

from __future__ import annotations

import json
import re
import secrets
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx

from ticketing import webhook_signature
from ticketing.platform.seed import ADMIN_EMAIL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ticketing.platform.layout import Layout

TIMEOUT_S: Final = 20.0
_CODE: Final = re.compile(r'data-copy="(T1\.[^"]+)"')


@dataclass(frozen=True, slots=True)
class Placed:
    """What came back from an order form."""

    status: int
    trace_id: str
    order_path: str
    codes: tuple[str, ...]


class Visitor:
    """One browser without a screen, one scanner, one admin."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._http = httpx.Client(timeout=TIMEOUT_S, follow_redirects=False)
        self._admin = httpx.Client(timeout=TIMEOUT_S, follow_redirects=False)

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()
        self._admin.close()

    def order(self, event_id: str, *, quantity: int = 1, email: str = "") -> Placed:
        """Fill in the form of an event and send it."""
        form = {
            "name": "Visitor",
            "email": email or f"visitor-{secrets.token_hex(4)}@example.org",
            "quantity": str(quantity),
            "token": secrets.token_hex(8),
        }
        answer = self._http.post(self._lounge(f"/events/{event_id}/orders"), data=form)
        path = answer.headers.get("location", "")
        codes: tuple[str, ...] = ()
        if path:
            codes = tuple(_CODE.findall(self._http.get(self._lounge(path)).text))
        return Placed(answer.status_code, answer.headers.get("x-trace-id", ""), path, codes)

    def scan(
        self, code: str, event_id: str, *, headers: Mapping[str, str] | None = None
    ) -> dict[str, object]:
        """Use the gate's API as a device does; the answer with its `status`."""
        body = {"code": code, "event_id": event_id, "scanner_id": "gate-1", "method": "camera"}
        token = {"authorization": f"Bearer {self._layout.secrets.scanner_token}"}
        answer = self._http.post(
            self._layout.url("gate-scanner") + "/api/scans",
            json=body,
            headers={**token, **(headers or {})},
        )
        return {"status": answer.status_code, **answer.json()}

    def send_webhook(
        self,
        message: Mapping[str, object],
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Tell the gate of tickets, as the lounge does; with another key, as a forger does."""
        body = json.dumps({"id": str(uuid.uuid4()), **message}).encode()
        signature = webhook_signature.sign(
            body, key or self._layout.secrets.webhook_key, now_s=round(time.time())
        )
        return self._http.post(
            self._layout.url("gate-scanner") + "/webhooks/tickets",
            content=body,
            headers={webhook_signature.HEADER: signature, **(headers or {})},
        )

    def switch_fault(self, name: str, seconds: int = 60) -> None:
        """On the admin's page; `all-off` ends all of them."""
        answer = self.admin_post("/admin/faults", {"name": name, "seconds": str(seconds)})
        assert answer.status_code == httpx.codes.SEE_OTHER, f"the fault page said {answer}"

    def admin_get(self, path: str) -> httpx.Response:
        """A page that only the admin sees."""
        return self._signed_in().get(self._lounge(path))

    def admin_post(self, path: str, form: Mapping[str, str]) -> httpx.Response:
        """A form that only the admin may send."""
        return self._signed_in().post(self._lounge(path), data=dict(form))

    def span_counts(self, site: str) -> dict[str, int]:
        """What became of the spans of one site on their way to the journal."""
        answer = self._http.get(self._layout.url(site) + "/healthz").json()
        counts: dict[str, int] = answer["spans"]["postgres"]
        return counts

    def get(self, site: str, path: str) -> httpx.Response:
        """Any page of any site."""
        return self._http.get(self._layout.url(site) + path)

    def _signed_in(self) -> httpx.Client:
        if "lounge_session" not in self._admin.cookies:
            password = self._layout.secrets.admin_password
            form = {"email": ADMIN_EMAIL, "password": password}
            answer = self._admin.post(self._lounge("/sign-in"), data=form)
            assert answer.status_code == httpx.codes.SEE_OTHER, "the admin cannot sign in"
        return self._admin

    def _lounge(self, path: str) -> str:
        return self._layout.url("pass-lounge") + path
