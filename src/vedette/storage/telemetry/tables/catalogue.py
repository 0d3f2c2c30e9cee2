"""All tables that questions can be put to."""

from collections.abc import Mapping
from typing import Final

from vedette.model.question import Dataset
from vedette.storage.telemetry.tables.column import DatasetTable
from vedette.storage.telemetry.tables.errors import ERRORS
from vedette.storage.telemetry.tables.findings import FINDINGS
from vedette.storage.telemetry.tables.logs import LOGS
from vedette.storage.telemetry.tables.metrics import METRICS
from vedette.storage.telemetry.tables.outcomes import ASKED_OUTCOMES
from vedette.storage.telemetry.tables.spans import SPANS

TABLES: Final[Mapping[Dataset, DatasetTable]] = {
    table.dataset: table for table in (ERRORS, SPANS, LOGS, METRICS, ASKED_OUTCOMES, FINDINGS)
}
