"""Searches of releases and sessions: what `query` may say where only few keys are known."""

import re
from dataclasses import replace
from typing import Final

from vedette.model.release import ReleaseQuestion
from vedette.model.session_question import SessionFilter, SessionGroup
from vedette.query.refusal import QuestionWrong
from vedette.query.search import Comparison, Every, Filter, Value, Words, read_search

TEXT_LENGTH_MAX: Final = 1_000
_KEYED: Final = re.compile(r"(?P<key>!?[a-z_]+(?:\.[a-z_]+)*):(?P<value>.+)")
_SESSION_KEYS: Final = {
    "release": SessionGroup.RELEASE,
    "environment": SessionGroup.ENVIRONMENT,
}


def read_session_filters(text: str) -> tuple[SessionFilter, ...]:
    """Return what a search says of sessions.

    Raises:
        SearchError: The text is wrong.
        QuestionWrong: It says something that sessions cannot be asked.
    """
    return tuple(_session_filter(each) for each in _parts(text))


def narrow_releases(question: ReleaseQuestion, text: str) -> ReleaseQuestion:
    """Return the question, held to what a search says: part of the version, `release.package:x`.

    It is no search of the full language: versions hold what would mean something there.

    Raises:
        QuestionWrong: It says something that releases cannot be asked.
    """
    if len(text) > TEXT_LENGTH_MAX:
        raise QuestionWrong(f"query has at most {TEXT_LENGTH_MAX} characters.")
    words: list[str] = []
    for word in text.split():
        found = _KEYED.fullmatch(word)
        if found is None:
            words.append(word)
        elif found["key"] in ("release", "release.version"):
            words.append(found["value"].strip('"*'))
        elif found["key"] == "release.package":
            question = replace(question, package=found["value"].strip('"'))
        else:
            raise QuestionWrong(
                "Releases are searched by a part of the version, release: and release.package:"
            )
    return replace(question, text=" ".join(words).strip('"*'))


def _parts(text: str) -> tuple[Filter | Words, ...]:
    if not text.strip():
        return ()
    read = read_search(text)
    members = read.members if isinstance(read, Every) else (read,)
    parts = tuple(each for each in members if isinstance(each, Filter | Words))
    if len(parts) != len(members):
        raise QuestionWrong("OR and parentheses cannot be used here.")
    return parts


def _session_filter(part: Filter | Words) -> SessionFilter:
    if isinstance(part, Words) or part.key not in _SESSION_KEYS:
        known = ", ".join(f"{key}:" for key in _SESSION_KEYS)
        raise QuestionWrong(f"Sessions are searched by {known} only.")
    if part.comparison is not Comparison.EQUAL:
        raise QuestionWrong(f"{part.key} is a text: it has no order here.")
    return SessionFilter(
        _SESSION_KEYS[part.key],
        texts=tuple(each.text for each in part.values if not each.is_pattern),
        patterns=tuple(_pattern(each) for each in part.values if each.is_pattern),
        is_negated=part.is_negated,
    )


def _pattern(value: Value) -> str:
    return "*".join(value.parts)
