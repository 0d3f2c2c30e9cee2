"""In which dataset the events of an issue lie."""

from vedette.model.question import Dataset
from vedette.model.sighting import ERROR_KIND


def event_dataset(category: str) -> Dataset:
    """Return the dataset for issues of a category: whatever is no error was found by a detector."""
    return Dataset.ERRORS if category == ERROR_KIND else Dataset.FINDINGS
