"""The events on sale and the people who may sign in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import psycopg

from ticketing.accounts import hash_password

if TYPE_CHECKING:
    from collections.abc import Mapping

ADMIN_EMAIL: Final = "admin@pass-lounge.example"
GATE_EMAIL: Final = "gate@pass-lounge.example"

# id, name, venue, days from now, cents, seats
EVENTS: Final = (
    ("open-air", "Open Air on the Quay", "East Quay", 3, 4_500, 5_000),
    ("night-film", "Film under the Bridge", "Iron Bridge", 5, 1_200, 400),
    ("late-jazz", "Late Jazz Session", "Cellar Nine", 6, 2_200, 120),
    ("choir", "A Choir in the Tram Depot", "Depot North", 9, 1_800, 600),
    ("stargazing", "Stargazing with a Poet", "Observatory Hill", 12, 900, 40),
    ("brass", "Brass Parade", "Old Town", 14, 0, 8_000),
    ("noodles", "Midnight Noodle Market", "Hall 4", 15, 500, 2_000),
    ("synth", "Synthesiser Fair", "Radio House", 20, 3_000, 900),
    ("last-seat", "A Play for One", "Studio", 25, 9_900, 1),
)


def seed(shop_url: str, passwords: Mapping[str, str]) -> None:
    """Put in what is missing; what is there stays as it is, except the people's passwords."""
    today = datetime.now(UTC).replace(hour=19, minute=30, second=0, microsecond=0)
    with psycopg.connect(shop_url) as connection:
        for event_id, name, venue, days, price_cents, capacity in EVENTS:
            connection.execute(
                "INSERT INTO events VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [event_id, name, venue, today + timedelta(days), price_cents, capacity, capacity],
            )
        for email, role in ((ADMIN_EMAIL, "admin"), (GATE_EMAIL, "gate")):
            connection.execute(
                "INSERT INTO users (email, password_hash, role) VALUES (%s, %s, %s)"
                " ON CONFLICT (email) DO UPDATE SET password_hash = excluded.password_hash",
                [email, hash_password(passwords[role]), role],
            )
