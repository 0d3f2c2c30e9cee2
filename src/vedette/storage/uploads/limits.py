"""How much may be uploaded: every bound of this room, so that clients can be told."""

from typing import Final

MIB: Final = 1024 * 1024

CHUNK_BYTES_MAX: Final = MIB
"""Files are read through their chunks: a smaller one is quicker to a single file of a bundle."""

CHUNKS_PER_REQUEST_MAX: Final = 16
REQUEST_BYTES_MAX: Final = 18 * MIB
"""So many chunks, and what surrounds them: a slow line must manage it in a minute."""

UPLOADS_AT_ONCE: Final = 4
"""Requests that one client is told to send side by side."""

UPLOAD_BYTES_MAX: Final = 1024 * MIB
CHUNKS_PER_UPLOAD_MAX: Final = 4_096
"""Older clients cut smaller pieces than they are told."""

BUNDLE_FILES_MAX: Final = 50_000
DIRECTORY_BYTES_MAX: Final = 16 * MIB
"""Of a zip archive: 50,000 names of 300 characters."""

MANIFEST_BYTES_MAX: Final = 32 * MIB
FILE_BYTES_MAX: Final = 128 * MIB
"""Of one file, unpacked: a map of this size has taken minutes to make."""

BUNDLE_UNPACKED_BYTES_MAX: Final = 4 * 1024 * MIB

RELEASE_FILE_BYTES_MAX: Final = 32 * MIB
DEBUG_FILES_PER_REQUEST_MAX: Final = 1_000

CHUNK_UNNEEDED_S_MAX: Final = 86_400
"""So long a chunk waits for the upload it is a part of."""
