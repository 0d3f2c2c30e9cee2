"""The grouping algorithm `vedette:2026-11`.

A change that gives events other hashes is a new file beside this one, not an edit of it.
"""

import hashlib
import re
from typing import Final

from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping.context import EventContext
from vedette.pipeline.grouping.fingerprint import ResolvedFingerprint, resolve_fingerprint
from vedette.pipeline.grouping.json_reading import text_of
from vedette.pipeline.grouping.nouns import (
    Component,
    FingerprintUsed,
    GroupHash,
    Grouping,
    Variant,
)
from vedette.pipeline.grouping.rules import GroupingRules
from vedette.pipeline.grouping.strategies import STRATEGIES, Seen
from vedette.pipeline.grouping.title import culprit_of, title_of

VERSION: Final = "vedette:2026-11"

_FALLBACK_TEXT: Final = "nothing to group by"
_MD5: Final = re.compile(r"[0-9a-fA-F]{32}")


def group(event: JsonObject, rules: GroupingRules) -> Grouping:
    """Return where the event belongs, and why."""
    context = EventContext(event, rules.stack)
    main_index = len(context.exceptions) - 1 if context.exceptions else None
    seen = _see(context)
    for each in seen.values():
        if each.main_index is not None:
            main_index = each.main_index
            break
    fingerprint = resolve_fingerprint(context, rules.fingerprints, main_index)
    checksum = text_of(event.get("checksum"))
    if checksum:
        variants = [_checksum_variant(checksum)]
        used = FingerprintUsed(
            (checksum,), "checksum", client_values=fingerprint.used.client_values
        )
    else:
        variants = _variants(seen, fingerprint)
        used = fingerprint.used
    return Grouping(
        hashes=tuple(GroupHash(each.hash, each.name, VERSION) for each in variants if each.hash),
        variants=tuple(variants),
        title=fingerprint.title or title_of(context, main_index),
        culprit=culprit_of(context, main_index),
        main_exception_index=main_index,
        frames=tuple(decision for stack in context.stacks for decision in stack.decisions()),
        fingerprint=used,
    )


def _see(context: EventContext) -> dict[str, Seen]:
    """Return what the first strategy sees that sees anything: in-app frames, and all frames."""
    for strategy in STRATEGIES:
        system = strategy(context, "system")
        if system is None:
            continue
        app = strategy(context, "app") if system.has_stack else None
        if app is not None and app.has_stack:
            return {"app": app, "system": system}
        if system.component.contributes:
            return {"system": system} if system.has_stack else {"default": system}
    return {}


def _variants(seen: dict[str, Seen], fingerprint: ResolvedFingerprint) -> list[Variant]:
    own = fingerprint.own_values
    if not fingerprint.has_default:
        component = Component("fingerprint", own)
        return [Variant("custom", component, _hash(component.text))]
    salt = (Component("fingerprint", own),) if own else ()
    variants: list[Variant] = []
    known: set[str] = set()
    for name, each in seen.items():
        component = Component(name, (each.component, *salt)) if salt else each.component
        digest = _hash(component.text)
        if digest in known:
            hint = "the same as the in-app frames alone"
            variants.append(Variant(name, component.without(hint), "", hint))
            continue
        known.add(digest)
        variants.append(Variant(name, component, digest))
    if variants:
        return variants
    component = Component("fallback", (_FALLBACK_TEXT, *salt), hint="nothing to group by")
    return [Variant("fallback", component, _hash(component.text))]


def _checksum_variant(checksum: str) -> Variant:
    component = Component("checksum", (checksum,))
    digest = checksum.lower() if _MD5.fullmatch(checksum) else _hash(checksum)
    return Variant("checksum", component, digest)


def _hash(text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
