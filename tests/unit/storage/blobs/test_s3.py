"""What the bucket adds to the contract: clear words, and no secrets in them."""

import pytest

from vedette.storage.blobs.port import BlobUnreachable
from vedette.storage.blobs.s3 import S3Blobs, S3Place

NOWHERE = S3Place(
    endpoint="http://127.0.0.1:1",
    bucket="vedette",
    access_key="name",
    secret_key="hunter2",
)


def test_a_service_that_does_not_answer_is_named_without_its_secret() -> None:
    with pytest.raises(BlobUnreachable, match="bucket vedette at http") as caught:
        S3Blobs(NOWHERE).check()

    assert "hunter2" not in str(caught.value)


def test_the_secret_is_not_part_of_what_is_printed() -> None:
    assert "hunter2" not in repr(NOWHERE)
