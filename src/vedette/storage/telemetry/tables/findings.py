"""Findings of detectors, as they are asked and as they are written: like errors, and when found."""

from dataclasses import replace
from typing import Final

from vedette.model.question import Dataset
from vedette.storage.telemetry.pack import WrittenTable
from vedette.storage.telemetry.tables.column import number
from vedette.storage.telemetry.tables.errors import ERRORS, WRITTEN_ERRORS

FINDINGS: Final = replace(
    ERRORS,
    dataset=Dataset.FINDINGS,
    name="findings",
    fields={**ERRORS.fields, "round": number("journal_sequence")},
)

WRITTEN_FINDINGS: Final = WrittenTable("findings", WRITTEN_ERRORS.columns)
