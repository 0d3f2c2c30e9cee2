"""The forms of answers about uploads, for the OpenAPI document."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from vedette.api.answer_forms import Form


class ChunkOptions(Form):
    """How files are to be cut and sent."""

    url: str
    chunk_size: int
    chunks_per_request: int
    max_request_size: int
    max_file_size: int
    max_wait: int
    concurrency: int
    hash_algorithm: str
    compression: list[str]
    accept: list[str]


class AssembleForm(Form):
    """What became of an upload: not_found while chunks are missing, ok, or error."""

    state: str
    missing_chunks: list[str]
    detail: str | None


class DebugFileData(Form):
    """What kind of debug file it is."""

    type: str
    features: list[str]


class DebugFileForm(Form):
    """A debug file."""

    id: str
    uuid: str
    debug_id: str
    code_id: None
    cpu_name: str
    object_name: str
    symbol_type: str
    headers: dict[str, str]
    size: int
    sha1: str
    date_created: str
    data: DebugFileData


class AssembleDebugFileForm(AssembleForm):
    """The same of a debug file, which is shown when it is there."""

    dif: DebugFileForm | None


class ReleaseFileForm(Form):
    """A file of a release."""

    id: str
    name: str
    dist: str | None
    headers: dict[str, str]
    size: int
    sha1: str
    date_created: str


class BundlePlace(Form):
    """Where a bundle counts."""

    release: str | None
    dist: str | None


class BundleForm(BaseModel):
    """A bundle."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    bundle_id: str
    associations: list[BundlePlace]
    date: str
    date_modified: str = Field(alias="dateModified")
    file_count: int
