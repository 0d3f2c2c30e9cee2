"""Find a script and its map among what was uploaded: by debug id, else by release and URL."""

from collections.abc import Sequence
from dataclasses import dataclass

from vedette.model.script_url import joined, names_of
from vedette.model.source_map import ScriptQuestion, ScriptTrouble, Trouble
from vedette.model.upload import FileKind, UploadedFile
from vedette.storage.blobs.port import BlobMissing
from vedette.storage.metadata.uploads_port import Uploads
from vedette.storage.uploads.file_reader import FileReader, FileUnreadable
from vedette.storage.uploads.map_reference import map_reference

DATA_URL: str = "data:"


@dataclass(frozen=True, slots=True)
class LocatedMap:
    """A script and its map."""

    script: UploadedFile | None
    """None: only its map was uploaded; functions keep their minified names."""
    source_map: UploadedFile | None
    """None: it is written into the script."""

    @property
    def name(self) -> str:
        """How the map is called."""
        named = self.source_map or self.script
        assert named is not None
        return named.url


@dataclass(frozen=True, slots=True)
class MapLocator:
    """Asks the metadata; reads a script only when nothing else says where its map is."""

    uploads: Uploads
    reader: FileReader

    def locate(self, question: ScriptQuestion) -> LocatedMap | ScriptTrouble:
        """Return where the map is, or why there is none."""
        by_debug_id = self.uploads.files_by_debug_id(question.project_id, question.debug_id)
        found = self._pair(by_debug_id, question)
        if isinstance(found, LocatedMap) or not question.release:
            return found or _not_found(question)
        return self._by_url(question) or found or _not_found(question)

    def _pair(
        self, files: Sequence[UploadedFile], question: ScriptQuestion
    ) -> LocatedMap | ScriptTrouble | None:
        scripts = [each for each in files if each.kind is FileKind.MINIFIED]
        maps = [each for each in files if each.kind is FileKind.SOURCE_MAP]
        if maps:
            beside = [each for each in scripts if each.upload_id == maps[0].upload_id]
            return LocatedMap(next(iter(beside or scripts), None), maps[0])
        return self._with_map(scripts[0], question) if scripts else None

    def _by_url(self, question: ScriptQuestion) -> LocatedMap | ScriptTrouble | None:
        scripts = [
            each
            for each in self._files(question, question.url)
            if each.kind is not FileKind.SOURCE_MAP
        ]
        return self._with_map(scripts[0], question) if scripts else None

    def _with_map(
        self, script: UploadedFile, question: ScriptQuestion
    ) -> LocatedMap | ScriptTrouble:
        reference = script.source_map
        if not reference:
            try:
                reference = map_reference(self.reader.read(script))
            except (FileUnreadable, BlobMissing) as error:
                return ScriptTrouble(Trouble.INVALID_SOURCE, f"{script.url}: {error}")
        if not reference:
            text = f"{script.url} was uploaded, and names no source map"
            return ScriptTrouble(Trouble.NO_SOURCE, text)
        if reference.startswith(DATA_URL):
            return LocatedMap(script, None)
        url = joined(script.url, reference)
        maps = self._files(question, url)
        if not maps:
            text = f"{script.url} was uploaded, and its source map {url} was not"
            return ScriptTrouble(Trouble.NO_SOURCE, text)
        return LocatedMap(script, maps[0])

    def _files(self, question: ScriptQuestion, url: str) -> list[UploadedFile]:
        """Return the files of this URL, the most exact name and the newest upload first."""
        names = names_of(url)
        for dist in dict.fromkeys((question.dist, "")):
            found = self.uploads.files_by_url(question.project_id, question.release, dist, names)
            if found:
                # Sorting keeps the order of what is equal.
                return sorted(found, key=lambda file: names.index(file.url))
        return []


def _not_found(question: ScriptQuestion) -> ScriptTrouble:
    sought = []
    if question.debug_id:
        sought.append(f"the debug id {question.debug_id}")
    if question.release:
        names = ", ".join(names_of(question.url))
        sought.append(f"{names} in the release {question.release}")
    where = " and ".join(sought) or "nothing: the event has neither debug ids nor a release"
    return ScriptTrouble(Trouble.NO_SOURCE, f"nothing was uploaded; looked for {where}")
