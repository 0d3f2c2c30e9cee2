"""Open spans in one line, as context manager or decorator, sync or async.

Every span is a plain OpenTelemetry span: `Span.otel` gives it, and whatever was written against
OpenTelemetry sees it as current.
"""

from __future__ import annotations

import functools
import inspect
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, ParamSpec, Self, TypeVar, cast

from opentelemetry import trace
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

from waymark.trace_parent import write_traceparent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from types import TracebackType

    from opentelemetry.context import Context
    from opentelemetry.trace import SpanContext
    from opentelemetry.util.types import AttributeValue

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

STATUS_MESSAGE_LENGTH_MAX: Final = 1_000
"""A message is for a list row; the stack trace is in the exception event."""


class Span:
    """A running span; every setter returns the span, so that calls can be chained."""

    __slots__ = ("otel",)

    def __init__(self, otel: trace.Span) -> None:
        self.otel = otel

    @property
    def context(self) -> SpanContext:
        """The ids, flags and trace state."""
        return self.otel.get_span_context()

    @property
    def trace_id(self) -> str:
        """32 lower-case hexadecimal digits."""
        return f"{self.context.trace_id:032x}"

    @property
    def span_id(self) -> str:
        """16 lower-case hexadecimal digits."""
        return f"{self.context.span_id:016x}"

    @property
    def traceparent(self) -> str:
        """What a ticket, a message or a row carries so that later work joins this span."""
        return write_traceparent(self.context)

    def set_attribute(self, key: str, value: AttributeValue) -> Self:
        """Set one attribute."""
        self.otel.set_attribute(key, value)
        return self

    def add_event(self, name: str, attributes: Mapping[str, AttributeValue] | None = None) -> Self:
        """Note something that happened at this moment."""
        self.otel.add_event(name, attributes)
        return self

    def set_ok(self) -> Self:
        """Say that the work went well; OpenTelemetry lets nothing overrule this."""
        self.otel.set_status(Status(StatusCode.OK))
        return self

    def set_error(self, error: BaseException | str) -> Self:
        """Say that the work failed; an exception is also recorded as an event with its stack."""
        if isinstance(error, BaseException):
            self.otel.record_exception(error)
        message = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        self.otel.set_status(Status(StatusCode.ERROR, message[:STATUS_MESSAGE_LENGTH_MAX]))
        return self

    def end(self) -> None:
        """End a span that was started with `SpanBuilder.start`."""
        self.otel.end()


@dataclass(frozen=True, slots=True)
class SpanBuilder:
    """A span still to be opened; every method returns a new builder."""

    tracer: trace.Tracer
    name: str
    span_kind: SpanKind = SpanKind.INTERNAL
    parent: Context | None = None
    attribute_values: Mapping[str, AttributeValue] = field(default_factory=dict)
    links: tuple[Link, ...] = ()

    def kind(self, kind: SpanKind) -> SpanBuilder:
        """Say which side of a call the span is."""
        return replace(self, span_kind=kind)

    def child_of(self, parent: Context) -> SpanBuilder:
        """Take the parent from `parent` instead of from the current context."""
        return replace(self, parent=parent)

    def attributes(self, values: Mapping[str, AttributeValue]) -> SpanBuilder:
        """Add attributes that samplers can already see."""
        return replace(self, attribute_values={**self.attribute_values, **values})

    def link(
        self, other: SpanContext, attributes: Mapping[str, AttributeValue] | None = None
    ) -> Self:
        """Link another span; one without valid ids is left out."""
        if not other.is_valid:
            return self
        return replace(self, links=(*self.links, Link(other, attributes)))

    def start(self) -> Span:
        """Start the span without making it current; the caller ends it."""
        return Span(
            self.tracer.start_span(
                self.name,
                context=self.parent,
                kind=self.span_kind,
                attributes=self.attribute_values,
                links=self.links,
            )
        )

    def scope(self) -> SpanScope:
        """The span as context manager or decorator."""
        return SpanScope(self)


class SpanScope:
    """`with`, `async with` or `@`: opens the span, makes it current, records what escapes."""

    def __init__(self, builder: SpanBuilder) -> None:
        self._builder = builder
        self._open: list[tuple[Span, ExitStack]] = []

    def __enter__(self) -> Span:
        span = self._builder.start()
        stack = ExitStack()
        stack.callback(span.end)
        stack.enter_context(
            trace.use_span(span.otel, record_exception=False, set_status_on_exception=False)
        )
        self._open.append((span, stack))
        return span

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        span, stack = self._open.pop()
        # GeneratorExit, KeyboardInterrupt, cancellation: the work was stopped, it did not fail.
        if isinstance(error, Exception):
            span.set_error(error)
        stack.close()

    async def __aenter__(self) -> Span:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, traceback)

    def __call__(self, function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        """Wrap a function or coroutine function so that each call has its own span."""
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            # The call returns at once; a span around it would end before the work begins.
            raise TypeError("a generator cannot be decorated: open the span inside it")
        if inspect.iscoroutinefunction(function):
            return cast("Callable[Parameters, Result]", self._around_coroutine(function))

        @functools.wraps(function)
        def traced(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            with SpanScope(self._builder):
                return function(*args, **kwargs)

        return traced

    def _around_coroutine(
        self, function: Callable[Parameters, Awaitable[Result]]
    ) -> Callable[Parameters, Awaitable[Result]]:
        @functools.wraps(function)
        async def traced(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            with SpanScope(self._builder):
                return await function(*args, **kwargs)

        return traced


class Tracer:
    """Opens the spans of one part of a program."""

    def __init__(self, otel: trace.Tracer) -> None:
        self.otel = otel

    def span(self, name: str) -> SpanBuilder:
        """A builder, for spans that need a kind, a parent or links."""
        return SpanBuilder(self.otel, name)

    def with_span(
        self,
        name: str,
        attributes: Mapping[str, AttributeValue] | None = None,
        *,
        kind: SpanKind = SpanKind.INTERNAL,
        parent: Context | None = None,
        links: Sequence[Link] = (),
    ) -> SpanScope:
        """The everyday form: `with tracer.with_span("orders.create", {"order.id": 7}) as span:`."""
        return SpanScope(
            SpanBuilder(self.otel, name, kind, parent, dict(attributes or {}), tuple(links))
        )

    def current(self) -> Span:
        """The span that is current here; without one, a span that ignores everything."""
        return Span(trace.get_current_span())
