"""The rules that need not be written, such as `@email`, `@creditcard:mask`, `@password:filter`."""

from typing import Final

from vedette.pipeline.scrubbing.rule import FILTERED, Looks, Method, Redaction, Rule

TYPES: Final = (
    "anything",
    "apikey",
    "bearer",
    "creditcard",
    "email",
    "iban",
    "imei",
    "ip",
    "mac",
    "password",
    "pemkey",
    "urlauth",
    "userpath",
    "usssn",
    "uuid",
)
"""What rules can look for without a pattern of their own."""

_ALIASES: Final = {"url_auth": "urlauth", "us_ssn": "usssn"}
_LABELS: Final = {
    "bearer": "[token]",
    "creditcard": "[creditcard]",
    "iban": "[iban]",
    "email": "[email]",
    "imei": "[imei]",
    "ip": "[ip]",
    "mac": "[mac]",
    "pemkey": "[pemkey]",
    "urlauth": "[auth]",
    "userpath": "[user]",
    "usssn": "[us-ssn]",
    "uuid": "[uuid]",
}
_MASKS: Final = {
    "creditcard": Redaction(Method.MASK, unmasked=" -", shown_at_end=4),
    "imei": Redaction(Method.MASK, unmasked="-", shown_at_end=4),
    "mac": Redaction(Method.MASK, unmasked="-:", shown_at_end=0),
    "usssn": Redaction(Method.MASK, unmasked="-", shown_at_end=0),
    "email": Redaction(Method.MASK, unmasked=".@"),
    "ip": Redaction(Method.MASK, unmasked=".:"),
}
_DEFAULTS: Final = {
    "anything": "remove",
    "password": "remove",
    "creditcard": "mask",
    "imei": "mask",
    "mac": "mask",
    "usssn": "mask",
    "uuid": "hash",
}
"""What the rules do whose name says nothing of it; the others replace by a label."""


def builtin_rules(name: str) -> tuple[Rule, ...]:
    """Return the rules that a name beginning with `@` stands for; none for an unknown one."""
    if name == "@common":
        kinds = ("bearer", "creditcard", "email", "iban", "ip", "pemkey", "urlauth", "usssn")
        return tuple(rule for kind in kinds for rule in builtin_rules(f"@{kind}"))
    kind, _, method = name.removeprefix("@").partition(":")
    kind = _ALIASES.get(kind, kind)
    redaction = _redaction(kind, method or _DEFAULTS.get(kind, "replace"))
    if kind not in TYPES or redaction is None:
        return ()
    return (typed_rule(name, kind, redaction),)


def typed_rule(name: str, kind: str, redaction: Redaction) -> Rule:
    """Return a rule of one of the types."""
    kind = _ALIASES.get(kind, kind)
    if kind == "anything":
        return Rule(name, Looks.ANYTHING, redaction)
    if kind == "password":
        return Rule(name, Looks.BOTH, redaction, finder="password")
    return Rule(name, Looks.TEXTS, redaction, finder=kind)


def is_type(kind: str) -> bool:
    """Tell whether there are rules of this type."""
    return _ALIASES.get(kind, kind) in TYPES


def _redaction(kind: str, method: str) -> Redaction | None:
    match method:
        case "filter":
            return Redaction(Method.REPLACE, FILTERED)
        case "replace":
            return Redaction(Method.REPLACE, _LABELS.get(kind, FILTERED))
        case "mask":
            return _MASKS.get(kind, Redaction(Method.MASK))
        case "hash":
            return Redaction(Method.HASH)
        case "remove":
            return Redaction(Method.REMOVE)
        case _:
            return None
