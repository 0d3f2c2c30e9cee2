"""Error events, messages and security reports: from JSON to rows of `errors`."""

from collections.abc import Sequence
from dataclasses import dataclass

from vedette.ingest.error_row import error_row
from vedette.ingest.error_sighting import error_sighting
from vedette.ingest.line import Line, LineContext, outcome_of
from vedette.ingest.releases_seen import releases_seen
from vedette.model.category import Category
from vedette.model.item import Item
from vedette.model.outcome import Fate, Outcome, Reason
from vedette.model.sighting import Sighting
from vedette.model.taken import Taken
from vedette.pipeline.agent_contexts import add_agent, agent_of
from vedette.pipeline.grouping import Grouping, GroupingRules, group_event
from vedette.pipeline.inbound_filters import filter_reason
from vedette.pipeline.normalise_event import EventFacts, NormalisedEvent, normalise_event
from vedette.pipeline.scrub_event import ScrubbedEvent, scrub_event
from vedette.pipeline.source_maps.original_event import original_event
from vedette.protocols.json_text import Unreadable, read_object
from vedette.protocols.security_report import read_security_report
from vedette.protocols.sentry_event import DecodedEvent, read_event, read_event_id
from vedette.protocols.sentry_time import read_time_ns
from vedette.storage.telemetry.pack import Row
from vedette.storage.telemetry.tables.errors import WRITTEN_ERRORS


@dataclass(frozen=True, slots=True)
class _Arrived:
    """An event that is ready to be stored: its row holds it as text, its tree is let go of."""

    item: Item
    event_id: str
    row: Row
    sighting: Sighting


def take_in_errors(items: Sequence[Item], context: LineContext) -> Taken:
    """The whole road of errors, from bytes to rows."""
    arrived: list[_Arrived] = []
    outcomes: list[Outcome] = []
    for item in items:
        context.give_way()
        event = _decode(item)
        if isinstance(event, Unreadable):
            outcomes.append(_outcome(item, Fate.INVALID, Reason.UNREADABLE))
        else:
            normalised = normalise_event(event.body, _facts(item, event))
            normalised = original_event(
                normalised, project_id=item.meta.project_id, find=context.find_map
            )
            unwanted = _unwanted(item, normalised, context)
            if unwanted is not None:
                outcomes.append(_outcome(item, Fate.FILTERED, unwanted))
                continue
            scrubbed = scrub_event(normalised, context.rules_of(item.meta.project_id).scrubbing)
            grouping = group_event(scrubbed.body, _grouping_rules(item, context))
            if _is_discarded(item, grouping, context):
                outcomes.append(_outcome(item, Fate.FILTERED, Reason.DISCARDED_GROUP))
                continue
            row = _row(item, scrubbed, grouping, context)
            sighting = error_sighting(item, scrubbed, grouping)
            arrived.append(_Arrived(item, event.event_id, row, sighting))
    kept, again = _without_repeats(arrived, context)
    outcomes += (_outcome(each.item, Fate.INVALID, Reason.DUPLICATE) for each in again)
    outcomes += (_outcome(each.item, Fate.ACCEPTED, Reason.NONE) for each in kept)
    blocks = (WRITTEN_ERRORS.pack([each.row for each in kept]),) if kept else ()
    releases = releases_seen((each.row for each in kept), time="time", ticks_per_s=1_000_000)
    return Taken(blocks, tuple(outcomes), releases, tuple(each.sighting for each in kept))


def _unwanted(item: Item, event: NormalisedEvent, context: LineContext) -> str | None:
    """Find out who is behind the event, and return why it is not kept, if so."""
    agent = agent_of(event, user_agent=item.meta.user_agent)
    add_agent(event, agent)
    rules = context.rules_of(item.meta.project_id).filters
    return filter_reason(event, agent, rules, client_address=item.meta.client_address)


def _grouping_rules(item: Item, context: LineContext) -> GroupingRules:
    return context.grouping.rules_of(context.rules_of(item.meta.project_id).grouping)


def _is_discarded(item: Item, grouping: Grouping, context: LineContext) -> bool:
    """Tell whether somebody said that events of this group shall not be kept."""
    discarded = context.discarded_by_project.get(item.meta.project_id, frozenset())
    return bool(discarded) and any(each.value in discarded for each in grouping.hashes)


def _decode(item: Item) -> DecodedEvent | Unreadable:
    event_id = (
        read_event_id(item.envelope.get("event_id"))
        or read_event_id(item.meta.parameters.get("event_id"))
        or _made_up_id(item)
    )
    if item.item_type in ("security", "raw_security"):
        return read_security_report(
            item.payload, event_id=event_id, parameters=item.meta.parameters
        )
    return read_event(item.payload, event_id=event_id)


def _made_up_id(item: Item) -> str:
    """Return an id for an event that has none, the same whenever the record is digested."""
    inside = read_object(item.payload)
    given = None if isinstance(inside, Unreadable) else read_event_id(inside.get("event_id"))
    return given or f"{item.meta.received_ns:016x}{item.sequence:016x}"


def _facts(item: Item, event: DecodedEvent) -> EventFacts:
    dsc = item.envelope.get("trace")
    return EventFacts(
        event_id=event.event_id,
        level=event.level,
        platform=event.platform,
        time_ns=event.time_ns,
        sent_ns=read_time_ns(item.envelope.get("sent_at")),
        received_ns=item.meta.received_ns,
        client_address=item.meta.client_address,
        user_agent=item.meta.user_agent,
        dsc=dsc if isinstance(dsc, dict) else {},
        byte_count=len(item.payload),
    )


def _without_repeats(
    arrived: Sequence[_Arrived], context: LineContext
) -> tuple[list[_Arrived], list[_Arrived]]:
    """Split off events that came before: SDKs with a disk cache send again what they sent."""
    ids_by_project: dict[int, list[str]] = {}
    for each in arrived:
        ids_by_project.setdefault(each.item.meta.project_id, []).append(each.event_id)
    seen = {
        (project_id, event_id)
        for project_id, ids in ids_by_project.items()
        for event_id in context.known_event_ids(project_id, ids, context.first_sequence)
    }
    kept: list[_Arrived] = []
    again: list[_Arrived] = []
    for each in arrived:
        name = (each.item.meta.project_id, each.event_id)
        (again if name in seen else kept).append(each)
        seen.add(name)
    return kept, again


def _outcome(item: Item, fate: Fate, reason: str) -> Outcome:
    is_security = item.item_type in ("security", "raw_security")
    category = Category.SECURITY if is_security else Category.ERROR
    return outcome_of(item, fate, reason, category=category)


def _row(item: Item, event: ScrubbedEvent, grouping: Grouping, context: LineContext) -> Row:
    project = context.project_by_id.get(item.meta.project_id)
    return error_row(
        event,
        grouping,
        project_id=item.meta.project_id,
        received_ns=item.meta.received_ns,
        journal_sequence=item.sequence,
        service=project.slug if project else "",
    )


LINE = Line("errors", frozenset({"event", "security", "raw_security"}), take_in_errors)
