"""Routes: names and values of attributes, and what became of everything that was sent."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from vedette.api.json_answer import answer, answer_list
from vedette.api.parameters import AttributeParameters, OutcomeParameters
from vedette.api.policy import Scope
from vedette.api.refusal import wrong
from vedette.api.trace_forms import AttributeKey, AttributeValue, Outcomes
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.question import AttributeKeysQuestion, AttributeValuesQuestion
from vedette.query.attribute_list import shape_attribute_keys, shape_attribute_values
from vedette.query.events_table import meaning_of
from vedette.query.fields import DatasetMeaning
from vedette.query.outcome_series import outcome_question, read_outcome_request, shape_outcomes
from vedette.query.subject import read_subject

router = APIRouter(prefix="/api/0", tags=["explore"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]
ReadsOutcomes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.ORG_READ))]

SUBSTRING_LENGTH_MAX: Final = 1_024
KEYS_MAX: Final = 10_000
VALUES_MAX: Final = 1_000


@router.get(
    "/organizations/{organization}/trace-items/attributes/", response_model=list[AttributeKey]
)
async def list_attributes(
    visit: Reads, parameters: Annotated[AttributeParameters, Query()]
) -> Response:
    """The names that can be searched and shown: fields first, then attributes by frequency."""
    meaning, part = _meaning(parameters), _part(parameters)
    services = visit.door.services
    page = parameters.page()
    question = AttributeKeysQuestion(
        dataset=meaning.dataset,
        project_ids=tuple(visit.chosen_projects(parameters.named_projects())),
        time_range=parameters.time_range(services.clock.now_ns()),
        part_of_name=part,
        row_count_max=KEYS_MAX,
    )
    found = await visit.ask(lambda: services.telemetry.attribute_keys(question))
    keys = shape_attribute_keys(found, meaning, types=parameters.attribute_type, part_of_name=part)
    return answer_list(keys, lambda one: one, visit.request, page, was_cut=found.was_cut)


@router.get(
    "/organizations/{organization}/trace-items/attributes/{key}/values/",
    response_model=list[AttributeValue],
)
async def list_attribute_values(
    visit: Reads, key: str, parameters: Annotated[AttributeParameters, Query()]
) -> Response:
    """The values that a field or attribute took, most frequent first."""
    meaning, part = _meaning(parameters), _part(parameters)
    services = visit.door.services
    page = parameters.page(VALUES_MAX)
    subject, kind = read_subject(key, meaning)
    projects = visit.chosen_projects(parameters.named_projects())
    question = AttributeValuesQuestion(
        dataset=meaning.dataset,
        project_ids=tuple(projects),
        time_range=parameters.time_range(services.clock.now_ns()),
        subject=subject,
        part_of_value=part,
        row_count_max=VALUES_MAX,
    )
    found = await visit.ask(lambda: services.telemetry.attribute_values(question))
    values = shape_attribute_values(found, key, kind=kind, project_slugs=projects)
    return answer_list(values, lambda one: one, visit.request, page, was_cut=found.was_cut)


@router.get("/organizations/{organization}/stats_v2/", response_model=Outcomes)
async def show_outcomes(
    visit: ReadsOutcomes, parameters: Annotated[OutcomeParameters, Query()]
) -> Response:
    """What became of everything that was sent: sums by group and step of time."""
    services = visit.door.services
    request = read_outcome_request(
        fields=parameters.field,
        group_by=parameters.group_by,
        interval=parameters.interval,
        only={
            "category": parameters.category,
            "outcome": parameters.outcome,
            "reason": parameters.reason,
        },
        project_ids=tuple(visit.chosen_projects(parameters.named_projects())),
        time_range=parameters.time_range(services.clock.now_ns()),
    )
    question = outcome_question(request)
    return answer(
        await visit.ask(lambda: shape_outcomes(services.telemetry.outcomes(question), request))
    )


def _meaning(parameters: AttributeParameters) -> DatasetMeaning:
    dataset = parameters.dataset or parameters.item_type
    if not dataset:
        raise wrong("itemType is required: spans, logs or tracemetrics")
    return meaning_of(dataset)


def _part(parameters: AttributeParameters) -> str:
    if len(parameters.substring_match) > SUBSTRING_LENGTH_MAX:
        raise wrong(f"substringMatch must have at most {SUBSTRING_LENGTH_MAX} characters")
    return parameters.substring_match
