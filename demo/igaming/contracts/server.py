"""Reads the monitoring server through its public API; nothing else of it is known here."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

import httpx

ANSWER_SECONDS_MAX: Final = 10.0
PAGE_ROWS_MAX: Final = 100

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Span:
    """One span of a trace."""

    span_id: str
    parent_id: str
    service: str
    op: str
    name: str
    duration_ms: float
    self_ms: float


class Server:
    """The server as this platform's people see it."""

    def __init__(self, url: str, token: str, organization: str) -> None:
        self.url = url.rstrip("/")
        self._organization = organization
        self._lacks: dict[str, str] = {}
        self._http = httpx.Client(
            base_url=f"{self.url}/api/0",
            headers={"Authorization": f"Bearer {token}"},
            timeout=ANSWER_SECONDS_MAX,
        )

    def lacks(self, power: str) -> str:
        """Return why a power is missing, or nothing when it is there."""
        if power not in self._lacks:
            self._lacks[power] = self._probe(power)
        return self._lacks[power]

    def _probe(self, power: str) -> str:
        base = f"/organizations/{self._organization}"
        probes = {
            "traces": f"{base}/events/?dataset=spans&field=id&per_page=1",
            "metrics": f"{base}/events/?dataset=tracemetrics&field=metric.name&per_page=1",
            "errors": f"{base}/events/?dataset=errors&field=id&per_page=1",
            "issues": f"{base}/issues/?limit=1",
            "findings": f"{base}/events/?dataset=findings&field=id&per_page=1",
            "profiles": f"{base}/profiling/flamegraph/?statsPeriod=1h",
            "releases": f"{base}/releases/",
            "service map": f"{self.url}/api/v1/service-map?statsPeriod=1h",
            "alerts": f"{base}/combined-rules/",
            "replays": f"{base}/replays/",
        }
        answer = self._http.get(probes[power])
        return "" if answer.is_success else f"the server answers {answer.status_code} when asked for {power}"

    def trace(self, trace_id: str) -> list[Span]:
        """Return the spans of a trace; none while it is not known."""
        answer = self._http.get(
            f"/organizations/{self._organization}/trace/{trace_id}/",
            params={"statsPeriod": "1h", "additional_attributes": "service.name"},
        )
        if answer.status_code == httpx.codes.NOT_FOUND:
            return []
        return [_span(node) for node in _walk(answer.raise_for_status().json())]

    def issues(self, query: str) -> list[Json]:
        """Return the issues that a search finds, newest first."""
        answer = self._http.get(
            f"/organizations/{self._organization}/issues/",
            params={"query": query, "statsPeriod": "1h", "sort": "date", "limit": str(PAGE_ROWS_MAX)},
        )
        issues: list[Json] = answer.raise_for_status().json()
        return issues

    def calls(self) -> set[tuple[str, str]]:
        """Return who calls whom, by the names of services, databases and queues."""
        answer = self._http.get(f"{self.url}/api/v1/service-map", params={"statsPeriod": "1h"})
        found = answer.raise_for_status().json()
        names = {node["id"]: str(node["name"]).removeprefix("igaming-") for node in found["nodes"]}
        return {(names[edge["from"]], names[edge["to"]]) for edge in found["edges"]}

    def resolve(self, query: str, release: str) -> None:
        """Resolve the issues that a search finds, in a release, as a person would."""
        for issue in self.issues(query):
            body = {"status": "resolved", "statusDetails": {"inRelease": release}}
            self._http.put(
                f"/organizations/{self._organization}/issues/{issue['id']}/", json=body
            ).raise_for_status()

    def release(self, version: str) -> Json:
        """Return what is known of a release; nothing while it is not known."""
        answer = self._http.get(f"/organizations/{self._organization}/releases/{quote(version, safe='')}/")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return {}
        release: Json = answer.raise_for_status().json()
        return release

    def latest_event(self, issue_id: str) -> Json:
        """Return the newest event of an issue."""
        path = f"/organizations/{self._organization}/issues/{issue_id}/events/latest/"
        event: Json = self._http.get(path).raise_for_status().json()
        return event

    def committers(self, project: str, event_id: str) -> list[Json]:
        """Return whose commits are suspect, the most suspect first; none while no commit is known."""
        path = f"/projects/{self._organization}/{project}/events/{event_id}/committers/"
        answer = self._http.get(path)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return []
        committers: list[Json] = answer.raise_for_status().json()["committers"]
        return committers

    def crash_free_rates(self, project: str) -> dict[str, float]:
        """Return the share of sessions without a crash by release."""
        answer = self._http.get(
            f"/organizations/{self._organization}/sessions/",
            params={
                "field": "crash_free_rate(session)",
                "groupBy": "release",
                "statsPeriod": "1h",
                "interval": "1h",
                "includeSeries": "0",
                "project": project,
            },
        )
        return {
            group["by"]["release"]: group["totals"]["crash_free_rate(session)"]
            for group in answer.raise_for_status().json()["groups"]
            if group["totals"]["crash_free_rate(session)"] is not None
        }

    def event(self, project: str, event_id: str) -> Json:
        """Return one error event with everything that was kept of it."""
        answer = self._http.get(f"/projects/{self._organization}/{project}/events/{event_id}/")
        event: Json = answer.raise_for_status().json()
        return event

    def busiest_frame(self, query: str) -> str:
        """Return the name of the frame that was innermost for the longest time; empty without samples."""
        answer = self._http.get(
            f"/organizations/{self._organization}/profiling/flamegraph/",
            params={"query": query, "statsPeriod": "1h"},
        )
        if answer.status_code == httpx.codes.NOT_FOUND:
            return ""
        flamegraph = answer.raise_for_status().json()
        frames = flamegraph["shared"]["frames"]
        weights: dict[str, float] = {}
        for profile in flamegraph["profiles"]:
            for stack, weight in zip(profile["samples"], profile["weights"], strict=True):
                if stack:
                    name = str(frames[stack[-1]]["name"])
                    weights[name] = weights.get(name, 0) + float(weight)
        return max(weights, key=lambda name: weights[name], default="")

    def rows(self, dataset: str, fields: list[str], query: str = "", sort: str = "") -> list[Json]:
        """Return a table of a dataset over the last hour."""
        parameters: dict[str, str | list[str]] = {
            "dataset": dataset,
            "field": fields,
            "query": query,
            "statsPeriod": "1h",
            "per_page": str(PAGE_ROWS_MAX),
        }
        if sort:
            parameters["sort"] = sort
        answer = self._http.get(f"/organizations/{self._organization}/events/", params=parameters)
        rows: list[Json] = answer.raise_for_status().json()["data"]
        return rows

    def errors_since(self, moment: float) -> list[Json]:
        """Return error events since a moment, newest first."""
        rows = self.rows("errors", ["id", "title", "project", "timestamp"], sort="-timestamp")
        return [row for row in rows if datetime.fromisoformat(str(row["timestamp"])).timestamp() >= moment]

    def issues_since(self, moment: float) -> list[Json]:
        """Return issues that were seen since a moment."""
        started = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment))
        return self.issues(f"lastSeen:>={started}")


def _walk(nodes: list[Json]) -> Iterator[Json]:
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node.get("event_type", "span") == "span":
            yield node
        children = node.get("children", [])
        if isinstance(children, list):
            waiting.extend(children)


def _span(node: Json) -> Span:
    extra = node.get("additional_attributes")
    attributes = extra if isinstance(extra, dict) else {}
    children = node.get("children")
    below = children if isinstance(children, list) else []
    return Span(
        span_id=str(node.get("event_id") or node.get("span_id") or ""),
        parent_id=str(node.get("parent_span_id") or ""),
        service=str(attributes.get("service.name") or node.get("project_slug") or "").removeprefix(
            "igaming-"
        ),
        op=str(node.get("op") or ""),
        # SDKs differ in which of the two holds the query's text.
        name=f"{node.get('name') or ''} {node.get('description') or ''}",
        duration_ms=_milliseconds(node),
        self_ms=max(0.0, _milliseconds(node) - sum(_milliseconds(child) for child in below)),
    )


def _milliseconds(node: Json) -> float:
    duration = node.get("duration")
    return float(duration) if isinstance(duration, int | float) else 0.0
