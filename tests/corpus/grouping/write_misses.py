"""Write the corpus' table and misses into the guide. Run it with `python -m`."""

from pathlib import Path

from tests.corpus.grouping.judge_pairs import judge_all, misses, table

GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "grouping.md"
BEGIN = "<!-- begin: written by tests.corpus.grouping.write_misses -->"
END = "<!-- end -->"


def section() -> str:
    """Return what belongs between the marks."""
    judged = list(judge_all())
    return f"{table(judged)}\n\nDecided otherwise than a person would:\n\n{misses(judged)}"


def write() -> None:
    """Bring the guide up to date."""
    before, _, rest = GUIDE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    GUIDE.write_text(f"{before}{BEGIN}\n{section()}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    write()
