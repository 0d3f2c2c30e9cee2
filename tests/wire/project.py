"""A project of its own for every client that writes, and what the read API shows of it."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.journey.server import VEDETTE, Server, wait_for

ORGANIZATION: Final = "/api/0/organizations/default"


@dataclass(frozen=True)
class Project:
    """One project of the server under test."""

    server: Server
    slug: str
    project_id: int
    dsn: str
    key: str

    def rows(self, dataset: str, fields: list[str], query: str = "") -> list[dict[str, Any]]:
        """Return what the project has in a dataset."""
        return self.server.events(dataset, fields, query, project=self.slug)

    def wait_for_rows(
        self, dataset: str, fields: list[str], query: str = "", *, count: int = 1
    ) -> list[dict[str, Any]]:
        """Return the rows as soon as there are so many of them."""
        found: list[dict[str, Any]] = wait_for(
            lambda: rows if len(rows := self.rows(dataset, fields, query)) >= count else None,
            f"{count} rows of {dataset} in {self.slug} with {query}",
        )
        return found

    def event(self, event_id: str) -> dict[str, Any]:
        """Return an error event, whole, as soon as it is there."""
        path = f"/api/0/projects/default/{self.slug}/events/{event_id}/"
        answer = wait_for(
            lambda: found if (found := self.server.get(path)).status_code == 200 else None,
            f"event {event_id} in {self.slug}",
        )
        return dict(answer.json())

    def trace(self, trace_id: str) -> list[dict[str, Any]]:
        """Return a trace in the nested form; empty as long as nothing of it is there."""
        answer = self.server.get(f"{ORGANIZATION}/trace/{trace_id}/")
        return list(answer.json()) if answer.status_code == 200 else []

    def spans_of_trace(self, trace_id: str, *needed: str) -> dict[str, dict[str, Any]]:
        """Return the spans of a trace by id, as soon as the needed ones are there."""

        def look() -> dict[str, dict[str, Any]] | None:
            spans = {each["span_id"]: each for each in _walk(self.trace(trace_id))}
            return spans if spans and set(needed) <= spans.keys() else None

        found: dict[str, dict[str, Any]] = wait_for(look, f"spans {needed} of trace {trace_id}")
        return found

    def span(self, trace_id: str, span_id: str) -> dict[str, Any]:
        """Return one span with everything that was kept of it."""
        path = f"/api/v1/traces/{trace_id}/spans/{span_id}"
        answer = wait_for(
            lambda: found if (found := self.server.get(path)).status_code == 200 else None,
            f"span {span_id} in {self.slug}",
        )
        return dict(answer.json())

    def limit(self, category: str, *, count: int) -> None:
        """Set a daily quota as people do, and wait until the door has heard of it."""
        self._set_quota(category, count)
        # Set after the other one and seen at once: who knows this one knows both.
        self._set_quota("attachment", 0)
        body = b'{}\n{"type":"attachment"}\nhi'
        wait_for(lambda: self._send(body).status_code == 429, f"the quotas of {self.slug}")

    def _set_quota(self, category: str, count: int) -> None:
        words = ["--category", category, "--count", str(count), "--window", str(86_400)]
        command = [str(VEDETTE), "project", "quota", self.slug, "--data", str(self.server.data)]
        subprocess.run([*command, *words], check=True, capture_output=True)

    def _send(self, body: bytes) -> httpx.Response:
        url = f"{self.server.url}/api/{self.project_id}/envelope/"
        return self.server.client.post(url, content=body, params={"sentry_key": self.key})

    def outcomes(self) -> dict[tuple[str, str, str], int]:
        """Return the project's sums by category, outcome and reason."""
        return {
            (each["category"], each["outcome"], each["reason"]): each["quantity"]
            for each in self.server.outcomes("project", "category", "outcome", "reason")
            if each["project"] == self.project_id
        }

    def wait_for_outcome(self, category: str, outcome: str, reason: str = "", *, count: int) -> int:
        """Return the sum of one outcome as soon as it is at least `count`."""
        sought = (category, outcome, reason)
        found: int = wait_for(
            lambda: sum_ if (sum_ := self.outcomes().get(sought, 0)) >= count else None,
            f"{count} of {sought} in {self.slug}",
        )
        return found


def make_project(server: Server, slug: str) -> Project:
    """Make a project through the API, as people do."""
    headers = {"authorization": f"Bearer {server.token}"}
    made = server.client.post(
        f"{server.url}{ORGANIZATION}/projects/", json={"name": slug, "slug": slug}, headers=headers
    )
    assert made.status_code == 201, made.text
    [key] = server.get(f"/api/0/projects/default/{slug}/keys/").json()
    return Project(server, slug, int(made.json()["id"]), key["dsn"]["public"], key["public"])


def _walk(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if node["event_type"] == "span":
            yield node
            yield from _walk(node["children"])
