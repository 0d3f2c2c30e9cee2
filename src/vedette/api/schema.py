"""Write the OpenAPI document to standard output: `python -m vedette.api.schema`."""

import sys

from vedette.api.app import all_routes
from vedette.api.schema_document import schema_bytes


def main() -> None:
    """Write it."""
    sys.stdout.buffer.write(schema_bytes(all_routes()))


if __name__ == "__main__":
    main()
