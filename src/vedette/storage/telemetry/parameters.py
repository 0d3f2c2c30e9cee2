"""The values of a statement, apart from its text: nothing a client says stands in SQL."""

from typing import Final

from vedette.storage.telemetry.engine import PARAMETER_BYTES_MAX, Parameter
from vedette.storage.telemetry.port import QuestionRefused


class Parameters:
    """Collects values and gives out the place-holders that stand for them."""

    def __init__(self) -> None:
        self.values: dict[str, Parameter] = {}
        self._names: dict[tuple[str, type, Parameter], str] = {}
        self._byte_count = 0

    def add(self, value: Parameter, engine_type: str) -> str:
        """Return the place-holder of a value; equal ones share one.

        Raises:
            QuestionRefused: All values together are too large.
        """
        key = (engine_type, type(value), value)
        if key not in self._names:
            name = f"p{len(self._names)}"
            self._names[key] = name
            self.values[name] = value
            self._byte_count += _size_of(value)
            if self._byte_count > PARAMETER_BYTES_MAX:
                raise QuestionRefused(
                    f"the values of a question may take {PARAMETER_BYTES_MAX} bytes together"
                )
        return f"{{{self._names[key]}:{engine_type}}}"

    def text(self, value: str) -> str:
        """Return the place-holder of a text."""
        return self.add(value, "String")

    def texts(self, values: tuple[str, ...]) -> str:
        """Return the place-holder of a list of texts."""
        return self.add(values, "Array(String)")

    def number(self, value: float) -> str:
        """Return the place-holder of a number, exact for whole numbers of 64 bits."""
        if isinstance(value, int):
            if _INT64_MIN <= value <= _INT64_MAX:
                return self.add(value, "Int64")
            if 0 <= value <= _UINT64_MAX:
                return self.add(value, "UInt64")
        return self.add(float(value), "Float64")

    def moment(self, time_ns: int) -> str:
        """Return the SQL of a moment; one that the engine cannot hold becomes the nearest."""
        nanoseconds = self.add(min(max(time_ns, _TIME_NS_MIN), _TIME_NS_MAX), "Int64")
        return f"fromUnixTimestamp64Nano({nanoseconds}, 'UTC')"


def _size_of(value: Parameter) -> int:
    if isinstance(value, tuple):
        return sum(_size_of(each) for each in value)
    return len(value) if isinstance(value, str) else _NUMBER_BYTES


_NUMBER_BYTES: Final = 8
_INT64_MIN: Final = -(2**63)
_INT64_MAX: Final = 2**63 - 1
_UINT64_MAX: Final = 2**64 - 1
_TIME_NS_MIN: Final = 0
_TIME_NS_MAX: Final = 9_000_000_000 * 1_000_000_000
"""The year 2255: near the end of what nanoseconds in 64 bits can say."""
