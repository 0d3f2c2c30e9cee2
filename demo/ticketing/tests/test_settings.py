"""Settings come from the environment, once, or with one sentence."""

from __future__ import annotations

import pytest

from ticketing.settings import SettingsError, read_settings

NEEDED = {
    "TICKETING_SHOP_URL": "postgresql://shop",
    "TICKETING_JOURNAL_URL": "postgresql://journal",
    "TICKETING_TICKET_KEY": "k1",
    "TICKETING_WEBHOOK_KEY": "k2",
}


def test_what_is_given_is_taken_and_the_rest_has_defaults() -> None:
    settings = read_settings(
        {**NEEDED, "TICKETING_SMTP_PORT": "25", "TICKETING_IS_CONSOLE_ON": "yes", "OTHER": "x"}
    )

    assert (settings.shop_url, settings.smtp_port) == ("postgresql://shop", 25)
    assert settings.is_console_on
    assert settings.otlp_url == ""


def test_a_missing_setting_is_named() -> None:
    given = {name: value for name, value in NEEDED.items() if name != "TICKETING_TICKET_KEY"}

    with pytest.raises(SettingsError, match="ticket_key"):
        read_settings(given)


def test_a_number_must_be_one() -> None:
    with pytest.raises(SettingsError, match="TICKETING_SMTP_PORT must be a number"):
        read_settings({**NEEDED, "TICKETING_SMTP_PORT": "many"})
