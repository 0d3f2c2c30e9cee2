"""Read what browsers report of a security policy (CSP and its older kin) as an event."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from vedette.model.json_value import JsonObject, JsonValue
from vedette.protocols.json_text import Unreadable, read_json
from vedette.protocols.sentry_event import DecodedEvent

_OTHER_KINDS: Final = {
    "expect-ct-report": ("expectct", "Expect-CT failed"),
    "expect-staple-report": ("expectstaple", "Expect-Staple failed"),
    "known-pins": ("hpkp", "Public key pinning failed"),
}
_FIELD_OF_REPORTING_API: Final = {
    "blockedURL": "blocked_uri",
    "documentURL": "document_uri",
    "effectiveDirective": "effective_directive",
    "originalPolicy": "original_policy",
    "statusCode": "status_code",
    "sample": "script_sample",
    "sourceFile": "source_file",
    "lineNumber": "line_number",
    "columnNumber": "column_number",
}
_LOCAL_WORDS: Final = ("self", "inline", "eval", "data", "blob")


def read_security_report(
    payload: bytes, *, event_id: str, parameters: Mapping[str, str]
) -> DecodedEvent | Unreadable:
    """Read a report in any of its forms: the old object, or the Reporting API's list."""
    value = read_json(payload)
    if isinstance(value, Unreadable):
        return value
    report = value[0] if isinstance(value, list) and value else value
    if not isinstance(report, dict):
        return Unreadable("expected a security report")
    interface, fields, title = _interface(report)
    if not fields:
        return Unreadable("the security report is of no known kind or empty")
    directive = _text(fields.get("effective_directive")) or _first_word(
        fields.get("violated_directive")
    )
    body: dict[str, JsonValue] = {
        "event_id": event_id,
        "type": interface,
        "level": "warning",
        "logger": interface,
        "platform": "other",
        "logentry": {"formatted": title},
        interface: fields,
        "culprit": directive,
        "request": {"url": fields.get("document_uri")},
        "tags": [
            ["effective-directive", directive],
            ["blocked-uri", _text(fields.get("blocked_uri"))],
        ],
    }
    for name, key in (("sentry_release", "release"), ("sentry_environment", "environment")):
        if parameters.get(name):
            body[key] = parameters[name]
    agent = report.get("user_agent")
    if isinstance(agent, str):
        body["request"] = {"url": fields.get("document_uri"), "headers": {"User-Agent": agent}}
    return DecodedEvent(event_id, None, "warning", "other", body)


def _interface(report: JsonObject) -> tuple[str, dict[str, JsonValue], str]:
    old = report.get("csp-report")
    if isinstance(old, dict) and old:
        fields = {key.replace("-", "_"): value for key, value in old.items()}
        return "csp", fields, _csp_title(fields)
    new = report.get("body")
    if report.get("type") == "csp-violation" and isinstance(new, dict) and new:
        fields = {_FIELD_OF_REPORTING_API.get(key, key): value for key, value in new.items()}
        return "csp", fields, _csp_title(fields)
    for key, (interface, title) in _OTHER_KINDS.items():
        if key in report:
            inner = report[key]
            fields = dict(inner) if isinstance(inner, dict) else dict(report)
            return (
                interface,
                fields,
                f"{title} for {_text(fields.get('hostname')) or 'an unknown host'}",
            )
    return "csp", {}, ""


def _csp_title(fields: dict[str, JsonValue]) -> str:
    directive = _text(fields.get("effective_directive")) or _first_word(
        fields.get("violated_directive")
    )
    fields["effective_directive"] = directive
    kind = directive.removesuffix("-elem").removesuffix("-attr").removesuffix("-src") or "resource"
    blocked = _text(fields.get("blocked_uri")) or "self"
    fields["blocked_uri"] = blocked
    if blocked == "eval":
        return f"Blocked unsafe (eval()) '{kind}'"
    if blocked in _LOCAL_WORDS:
        return f"Blocked inline '{kind}'"
    return f"Blocked '{kind}' from '{_host_of(blocked)}'"


def _host_of(uri: str) -> str:
    try:
        return urlsplit(uri).netloc or uri[:100]
    except ValueError:
        return uri[:100]


def _first_word(value: JsonValue) -> str:
    return _text(value).partition(" ")[0]


def _text(value: JsonValue) -> str:
    return value[:1_000] if isinstance(value, str) else ""
