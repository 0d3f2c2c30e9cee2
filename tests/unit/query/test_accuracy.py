"""How far figures may be trusted that speak for what was sampled away."""

import pytest

from vedette.model.question import Aggregate, Arithmetic, Field, Formula, Function
from vedette.query.accuracy import Accuracy, accuracy_of, companions

COUNT = Aggregate(Function.COUNT)
P95 = Aggregate(Function.PERCENTILE, Field("span.duration"), 0.95)


def measured(measure: Aggregate | Formula, *, rows: int, weight: float) -> Accuracy:
    """Return the accuracy when each of the rows has the same weight."""
    values = (rows, rows * weight, rows * weight * weight)
    asked = companions([measure])
    return accuracy_of(measure, dict(zip(asked, values * (len(asked) // 3), strict=True)))


@pytest.mark.parametrize(
    ("measure", "rows", "weight", "wanted"),
    [
        pytest.param(COUNT, 1, 1.0, Accuracy(1, 1.0, "high"), id="nothing was sampled away"),
        pytest.param(COUNT, 10, 10.0, Accuracy(10, 0.1, "low"), id="ten rows stand for a hundred"),
        pytest.param(COUNT, 1_000, 10.0, Accuracy(1_000, 0.1, "high"), id="many rows"),
        pytest.param(P95, 50, 10.0, Accuracy(50, 0.1, "low"), id="too few beyond the percentile"),
        pytest.param(P95, 200, 10.0, Accuracy(200, 0.1, "high"), id="enough beyond it"),
        pytest.param(
            Aggregate(Function.MAX, Field("span.duration")),
            10**6,
            2.0,
            Accuracy(10**6, 0.5, "low"),
            id="an extreme may have been sampled away",
        ),
        pytest.param(COUNT, 0, 1.0, Accuracy(0, None, None), id="no rows"),
        pytest.param(
            Formula(Arithmetic.DIVIDE, COUNT, P95),
            50,
            10.0,
            Accuracy(50, 0.1, "low"),
            id="a formula is as good as its worst part",
        ),
    ],
)
def test_confidence_follows_from_rows_and_weights(
    measure: Aggregate | Formula, rows: int, weight: float, wanted: Accuracy
) -> None:
    assert measured(measure, rows=rows, weight=weight) == wanted


def test_what_is_made_of_the_same_rows_is_asked_once() -> None:
    p50 = Aggregate(Function.PERCENTILE, Field("span.duration"), 0.5)

    assert len(companions([P95, p50, Field("span.op"), COUNT])) == 6
