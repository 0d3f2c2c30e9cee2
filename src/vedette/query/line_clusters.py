"""Put log lines together that say the same of different things: the template behind them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from vedette.pipeline.grouping.message_shape import shape_of

TEXT_LENGTH_MAX: Final = 1_000
"""Lines are told apart by how they begin: a dump behind them is no part of the template."""
TOKEN_COUNT_MAX: Final = 100
CLUSTERS_PER_KIND_MAX: Final = 200
"""Clusters that a line is held against: those of as many words that begin with the same word."""
SIMILARITY_MIN: Final = 0.6
"""The share of words that two templates have in common, the first one among them."""
ANYTHING: Final = "<*>"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the sample."""

    body: str
    step: int
    """Which part of the time it lies in."""
    weight: float
    """How many lines it stands for."""
    template: str = ""
    """What its sender says that the template is; empty: nothing."""
    severity: str = ""


@dataclass(slots=True)
class Cluster:
    """Lines of one template."""

    tokens: list[str]
    is_named: bool
    """Whether the senders say the template themselves."""
    example: str
    sampled_count: int = 0
    weights: dict[int, float] = field(default_factory=dict)
    """How many lines there are, by step."""
    severities: dict[str, float] = field(default_factory=dict)

    @property
    def pattern(self) -> str:
        """The template: words, and placeholders where lines differ."""
        return " ".join(self.tokens)

    @property
    def weight(self) -> float:
        """How many lines there are."""
        return sum(self.weights.values())

    def take(self, line: Line) -> None:
        """Count a line."""
        self.sampled_count += 1
        self.weights[line.step] = self.weights.get(line.step, 0.0) + line.weight
        of_severity = self.severities.get(line.severity, 0.0) + line.weight
        self.severities[line.severity] = of_severity

    def swallow(self, other: "Cluster") -> None:
        """Count the lines of another, and let the template fit both."""
        self.tokens = [
            mine if mine == theirs else ANYTHING
            for mine, theirs in zip(self.tokens, other.tokens, strict=True)
        ]
        self.sampled_count += other.sampled_count
        for step, weight in other.weights.items():
            self.weights[step] = self.weights.get(step, 0.0) + weight
        for severity, weight in other.severities.items():
            self.severities[severity] = self.severities.get(severity, 0.0) + weight


def cluster_lines(lines: Iterable[Line]) -> list[Cluster]:
    """Return the clusters, the one with the most lines first.

    Senders that say their template are believed. Of all others first numbers, ids, and dates become
    placeholders; then templates of as many words that differ in few of them become one.
    """
    named: dict[str, Cluster] = {}
    shaped: dict[str, Cluster] = {}
    for line in lines:
        if line.template:
            found, text = named, line.template[:TEXT_LENGTH_MAX]
        else:
            found, text = shaped, shape_of(first_words(line.body))
        cluster = found.get(text)
        if cluster is None:
            tokens = [text] if line.template else text.split(" ")
            cluster = found[text] = Cluster(tokens, bool(line.template), line.body)
        cluster.take(line)
    clusters = [*named.values(), *_merged(sorted(shaped.values(), key=_size))]
    return sorted(clusters, key=_size)


def first_words(body: str) -> str:
    """Return the part of a line that its template is about, with single spaces between words."""
    return " ".join(body[:TEXT_LENGTH_MAX].split()[:TOKEN_COUNT_MAX])


def _size(cluster: Cluster) -> tuple[float, str]:
    return -cluster.weight, cluster.pattern


def _merged(clusters: list[Cluster]) -> list[Cluster]:
    # The largest come first and are what the others are held against.
    kinds: defaultdict[tuple[int, str], list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        kind = kinds[len(cluster.tokens), cluster.tokens[0]]
        alike = next((each for each in kind if _are_alike(each.tokens, cluster.tokens)), None)
        if alike is not None:
            alike.swallow(cluster)
        elif len(kind) < CLUSTERS_PER_KIND_MAX:
            kind.append(cluster)
        else:
            kind[-1].swallow(cluster)
    return [cluster for kind in kinds.values() for cluster in kind]


def _are_alike(one: list[str], other: list[str]) -> bool:
    same = sum(mine == theirs for mine, theirs in zip(one, other, strict=True))
    return same >= SIMILARITY_MIN * len(one)
