"""Every detector is listed."""

import ast
from pathlib import Path

from vedette.pipeline import detectors
from vedette.pipeline.detectors.catalogue import DETECTORS


def test_every_file_that_makes_a_detector_is_in_the_catalogue() -> None:
    folder = Path(detectors.__path__[0])
    makers = {
        path.stem
        for path in folder.glob("*.py")
        if any(
            isinstance(node, ast.Call) and getattr(node.func, "id", "") == "make_detector"
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
        )
    }
    assert makers == {each.kind for each in DETECTORS}
