"""Code without symbols, in images that every process loads elsewhere."""

import pytest

from tests.unit.pipeline.grouping.events import event, exception, hashes
from vedette.model.json_value import JsonObject, JsonValue
from vedette.pipeline.grouping.images import Images


def crash(*, loaded_at: int, offset: int) -> JsonObject:
    frame: JsonObject = {"instruction_addr": hex(loaded_at + offset)}
    images: list[JsonValue] = [
        {"image_addr": hex(loaded_at), "image_size": 4096, "code_file": "/opt/shop"},
        {"image_addr": hex(loaded_at + 8192), "image_size": 4096, "code_file": "/lib/libc.so"},
    ]
    return event(exception(frame, type="SIGSEGV"), platform="native", debug_meta={"images": images})


def test_a_place_is_the_same_wherever_its_image_was_loaded() -> None:
    assert hashes(crash(loaded_at=0x10000, offset=64)) == hashes(
        crash(loaded_at=0x70000, offset=64)
    )
    assert hashes(crash(loaded_at=0x10000, offset=64)) != hashes(
        crash(loaded_at=0x10000, offset=80)
    )


@pytest.mark.parametrize(
    "debug_meta", [None, {"images": 1}, {"images": [1, {"image_addr": "x"}, {"image_size": -1}]}]
)
def test_images_that_cannot_be_read_locate_nothing(debug_meta: JsonValue) -> None:
    frames: list[JsonValue] = [{"instruction_addr": "0x10"}, 7]

    assert Images(debug_meta).locate(frames) == frames


@pytest.mark.parametrize("address", ["0x0fff", "0x2000", "no number"])
def test_an_address_outside_of_every_image_stays_as_it_is(address: str) -> None:
    images = Images({"images": [{"image_addr": 0x1000, "image_size": 0x1000}]})

    assert images.locate([{"instruction_addr": address}]) == [{"instruction_addr": address}]
