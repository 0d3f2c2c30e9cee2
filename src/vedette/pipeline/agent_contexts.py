"""Say which browser, system and device an event comes from, in its contexts and tags."""

from collections.abc import Iterator
from typing import Final

from vedette.model.json_value import JsonObject, JsonValue
from vedette.pipeline.event_reading import exceptions_of, headers_of, object_at, text_at, text_of
from vedette.pipeline.normalise_event import NormalisedEvent
from vedette.pipeline.user_agent import Agent, Hints, read_agent

TAG_LENGTH_MAX: Final = 200

_REPORTS: Final = ("csp", "hpkp", "expectct", "expectstaple")
_TAGGED: Final = ("browser", "client_os", "os", "runtime")


def agent_of(event: NormalisedEvent, *, user_agent: str) -> Agent:
    """Return who is behind an event: by the headers it tells of.

    Args:
        event: The event.
        user_agent: That of the request which brought it: browsers send reports themselves.
    """
    body = event.body
    header = headers_of(body).get
    text = header("user-agent", "")
    if not text and event.body.get("type") in _REPORTS:
        text = user_agent
    hints = Hints(
        header("sec-ch-ua", ""),
        header("sec-ch-ua-platform", ""),
        header("sec-ch-ua-platform-version", ""),
        header("sec-ch-ua-model", ""),
    )
    return read_agent(text, hints)


def add_agent(event: NormalisedEvent, agent: Agent) -> None:
    """Add contexts for what the event does not say itself, and the tags that follow from them."""
    contexts = dict(object_at(event.body, "contexts"))
    # A server's own system stays apart from that of the browser which called it.
    system = "os" if event.platform == "javascript" else "client_os"
    if agent.browser is not None:
        contexts.setdefault("browser", _named(agent.browser.name, agent.browser.version, "browser"))
    if agent.system is not None:
        contexts.setdefault(system, _named(agent.system.name, agent.system.version, "os"))
    if agent.device is not None:
        device = agent.device
        contexts.setdefault(
            "device",
            {
                "family": device.family,
                "model": device.model,
                "brand": device.brand,
                "type": "device",
            },
        )
    if contexts:
        event.body["contexts"] = contexts
    _add_tags(event.body)


def _named(name: str, version: str, kind: str) -> JsonObject:
    context: dict[str, JsonValue] = {"name": name, "type": kind}
    if version:
        context["version"] = version
    return context


def _add_tags(body: dict[str, JsonValue]) -> None:
    """Add the tags that lists and searches know, where the sender has not set them."""
    given = body.get("tags")
    tags = list(given) if isinstance(given, list) else []
    known = {each[0] for each in tags if isinstance(each, list) and each}
    for key, value in _derived(body):
        if value and key not in known:
            tags.append([key, value.replace("\n", " ")[:TAG_LENGTH_MAX]])
    body["tags"] = tags


def _derived(body: JsonObject) -> Iterator[tuple[str, str]]:
    for key in _TAGGED:
        context = object_at(body, "contexts", key)
        name, version = text_of(context.get("name")), text_of(context.get("version"))
        if name:
            yield key, f"{name} {version}".strip()
            yield f"{key}.name", name
    device = object_at(body, "contexts", "device")
    yield "device", text_of(device.get("model"))
    yield "device.family", text_of(device.get("family"))
    yield "url", text_at(body, "request", "url").partition("?")[0].partition("#")[0]
    raised = exceptions_of(body)[-1:]
    for exception in raised:
        mechanism = object_at(exception, "mechanism")
        yield "mechanism", text_of(mechanism.get("type"))
        handled = mechanism.get("handled")
        if isinstance(handled, bool):
            yield "handled", "yes" if handled else "no"
