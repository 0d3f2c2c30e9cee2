"""What every route of the read door has at hand."""

import asyncio
from typing import Final

from fastapi import Request

from vedette.api.known_askers import KnownAskers
from vedette.api.services import ApiServices
from vedette.api.sign_in_throttle import SignInThrottle
from vedette.api.tails import TailRoom
from vedette.api.work_threads import WorkThreads

QUESTION_THREADS: Final = 6
"""Statements of the telemetry store that run at once; each uses several cores by itself."""
QUESTIONS_WAITING_MAX: Final = 200
QUESTION_S_MAX: Final = 35.0
"""A little longer than the store allows a statement, whose own refusal says more."""
LOOKUP_THREADS: Final = 4
"""Short statements of the metadata store, so that slow questions keep nobody from signing in."""
LOOKUPS_WAITING_MAX: Final = 1_000
LOOKUP_S_MAX: Final = 10.0
UPLOAD_THREADS: Final = 2
"""What is uploaded is checked and stored by these; it may be large, and nobody waits at a page."""
UPLOADS_WAITING_MAX: Final = 100
UPLOAD_S_MAX: Final = 120.0
PASSWORDS_CHECKED_AT_ONCE: Final = 2
"""A check takes long on purpose: the other look-up threads stay free meanwhile."""


class Door:
    """Services, threads and what is remembered between requests."""

    def __init__(self, services: ApiServices) -> None:
        """Prepare the threads; nothing starts before the first request."""
        self.services = services
        self.questions = WorkThreads(
            name="question",
            thread_count=QUESTION_THREADS,
            waiting_max=QUESTIONS_WAITING_MAX,
            wait_s=QUESTION_S_MAX,
        )
        self.lookups = WorkThreads(
            name="lookup",
            thread_count=LOOKUP_THREADS,
            waiting_max=LOOKUPS_WAITING_MAX,
            wait_s=LOOKUP_S_MAX,
        )
        self.uploads = WorkThreads(
            name="upload",
            thread_count=UPLOAD_THREADS,
            waiting_max=UPLOADS_WAITING_MAX,
            wait_s=UPLOAD_S_MAX,
        )
        self.known = KnownAskers(services.metadata, services.clock)
        self.tails = TailRoom(services.tail_pace)
        self.throttle = SignInThrottle(services.clock)
        self.password_checks = asyncio.Semaphore(PASSWORDS_CHECKED_AT_ONCE)

    def close(self) -> None:
        """Stop the threads."""
        self.questions.close()
        self.lookups.close()
        self.uploads.close()


def door_of(request: Request) -> Door:
    """Return the door through which this request came."""
    door = request.app.state.door
    assert isinstance(door, Door)
    return door
