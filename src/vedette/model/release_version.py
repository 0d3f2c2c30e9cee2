"""Versions of releases: what may be one, what is in it, and which of two is the later.

Most people write `package@1.2.3-beta.1+build`; git revisions and anything else are versions too,
which then have no order but that of time.
"""

import re
from dataclasses import dataclass
from typing import Final

VERSION_LENGTH_MAX: Final = 200
"""What SDKs and the column of events hold."""

_NUMBER_MAX: Final = 2**63 - 1
_SEMVER: Final = re.compile(
    r"v?(?P<major>\d{1,19})(?:\.(?P<minor>\d{1,19}))?(?:\.(?P<patch>\d{1,19}))?"
    r"(?:\.(?P<revision>\d{1,19}))?"
    r"(?P<pre>-?[0-9A-Za-z][0-9A-Za-z.-]*|-[0-9A-Za-z.-]+)?(?:\+(?P<build>[^\s+@]+))?",
    re.ASCII,
)
_HASH: Final = re.compile(r"[0-9a-f]{12,64}", re.ASCII | re.IGNORECASE)
_PACKAGE: Final = re.compile(r"[^@\s]+")
_FORBIDDEN: Final = re.compile("[\r\n\t\f\x00]")


@dataclass(frozen=True, slots=True)
class Semver:
    """The parts of a version that is numbered."""

    major: int
    minor: int
    patch: int
    revision: int
    prerelease: str
    build: str
    component_count: int
    """How many of the four numbers were written."""


@dataclass(frozen=True, slots=True)
class ParsedVersion:
    """A version, taken apart as far as it can be."""

    raw: str
    package: str
    """Empty: none is named."""
    version: str
    """What stands behind the package."""
    semver: Semver | None
    build_hash: str
    """The git revision that the version is or ends with; empty: none."""

    @property
    def description(self) -> str:
        """The version as people say it."""
        if self.semver is None:
            return self.version[:12] if _HASH.fullmatch(self.version) else self.version
        number, _, _ = self.version.partition("+")
        build = self.build_hash[:12] or self.semver.build
        return f"{number} ({build})" if build else number

    @property
    def short(self) -> str:
        """The version without its package, git revisions cut to twelve digits."""
        return self.version[:12] if _HASH.fullmatch(self.version) else self.version


def why_not_a_version(version: str) -> str | None:
    """Return why a text cannot be the version of a release; None if it can."""
    if not version.strip(" /\\"):
        return "A version has at least one visible character besides slashes."
    if len(version) > VERSION_LENGTH_MAX:
        return f"A version has at most {VERSION_LENGTH_MAX} characters."
    if version in {".", ".."} or version.lower() == "latest":
        return f"{version!r} cannot be a version."
    if _FORBIDDEN.search(version):
        return "A version has no line breaks and no tabs."
    return None


def parse_version(raw: str) -> ParsedVersion:
    """Take a version apart; whatever it is, nothing is raised."""
    package, at, version = raw.rpartition("@")
    if at and not (_PACKAGE.fullmatch(package.lstrip("@")) and version):
        package, version = "", raw
    semver = _semver(version)
    return ParsedVersion(raw, package, version, semver, _build_hash(version, semver))


def semver_key(parsed: ParsedVersion) -> bytes | None:
    """Return bytes that sort as the versions do, whatever the package; None: it is not numbered.

    A prerelease comes before its release; missing numbers are zeros; of equal versions, that
    without a build comes first, then numbered builds by number, then the others by text.
    """
    semver = parsed.semver
    if semver is None:
        return None
    numbers = (semver.major, semver.minor, semver.patch, semver.revision)
    key = b"".join(number.to_bytes(8, "big") for number in numbers)
    return key + _prerelease_key(semver.prerelease) + _build_key(semver.build)


def _semver(version: str) -> Semver | None:
    found = _SEMVER.fullmatch(version)
    if found is None or _HASH.fullmatch(version):
        return None
    numbers = [found[name] for name in ("major", "minor", "patch", "revision")]
    written = [int(number) for number in numbers if number is not None]
    prerelease, build = (found["pre"] or "").removeprefix("-"), found["build"] or ""
    # A single number is a build number or a date rather than a version with parts.
    is_alone = len(written) == 1 and not (prerelease or build)
    if is_alone or max(written) > _NUMBER_MAX:
        return None
    major, minor, patch, revision = (written + [0] * 4)[:4]
    return Semver(major, minor, patch, revision, prerelease, build, len(written))


def _build_hash(version: str, semver: Semver | None) -> str:
    candidate = semver.build if semver else version
    return candidate if _HASH.fullmatch(candidate) else ""


def _prerelease_key(prerelease: str) -> bytes:
    if not prerelease:
        return b"\xff"
    return b"".join(_identifier_key(each) for each in prerelease.split(".")) + b"\x00"


def _identifier_key(identifier: str) -> bytes:
    """Return a key in which numbers come before words, as semver has it."""
    if identifier.isdigit() and (number := int(identifier[:20] or 0)) <= _NUMBER_MAX:
        return b"\x01" + number.to_bytes(8, "big")
    return b"\x02" + identifier.encode("ascii", "replace") + b"\x00"


def _build_key(build: str) -> bytes:
    if not build:
        return b"\x00"
    if build.isascii() and build.isdigit() and (number := int(build[:20])) <= _NUMBER_MAX:
        return b"\x01" + number.to_bytes(8, "big")
    return b"\x02" + build.encode("utf-8", "replace")
