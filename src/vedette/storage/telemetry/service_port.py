"""The face of the telemetry store for services: what they do, whom they call."""

from typing import Final, Protocol

from vedette.model.answer import Answer
from vedette.model.service_question import CallsQuestion, OperationsQuestion

OPERATION_FIGURES: Final = (
    "span_count",
    "count",
    "error_count",
    "duration_sum",
    "duration_max",
    "p50",
    "p75",
    "p95",
    "p99",
    "slowest_trace",
    "error_trace",
)
"""`count` and what follows speak for all spans, those that were sampled away too; `span_count` for
those that are kept. Durations are nanoseconds. A trace is empty text where there is none."""

CALL_COLUMNS: Final = (
    "caller",
    "kind",
    "called",
    "via",
    "call_count",
    "count",
    "error_count",
    "duration_sum",
    "p50",
    "p95",
    "lag_p50",
    "lag_p95",
)
"""`kind` is service, http, rpc, database or queue: what the called end is. An empty caller is
somebody who sends no telemetry, or a client that does not say so. `via` is the queue between both;
the lag is from the begin of the calling end to that of the called one, None if one is unknown."""


class ServiceReader(Protocol):
    """Figures per minute, kept as spans come in. Quantiles are those of a t-digest."""

    def operations(self, question: OperationsQuestion) -> Answer:
        """Answer the grouped columns, `time` if asked for, then `OPERATION_FIGURES`.

        In the order of time, then of the largest count.

        Raises:
            QuestionRefused: It asks for too much, or for steps that are not of whole minutes.
        """
        ...

    def calls(self, question: CallsQuestion) -> Answer:
        """Answer `CALL_COLUMNS`, most frequent first, of the calls that are settled."""
        ...

    def calls_settled_until_ns(self) -> int:
        """Return up to which arrival calls are settled; 0 if none ever was."""
        ...


class CallSettler(Protocol):
    """Puts the ends of calls together."""

    def settle_calls(self, *, arrived_before_ns: int) -> int:
        """Count the calls whose ends came in before; return how many spans of time were settled.

        Everything that came in before is stored already: the caller knows. Each call is counted
        once, also when this is called again after a crash. Returns 0 when there is nothing to do;
        call again while it does not.

        Raises:
            StoreUnreachable: Nothing is known about what was counted; call again.
        """
        ...
