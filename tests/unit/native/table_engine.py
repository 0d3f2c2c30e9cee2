"""Real tables to put blocks into: the engine runs in a process of its own.

A process may open one data path only, and the tests of the telemetry store have theirs.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from vedette.model.json_value import JsonValue
from vedette.storage.telemetry.migrate import SQL_FOLDER, statements

NativeBlock = tuple[str, bytes, int]

_CHILD: Final = """
import json, sys
from chdb.state.sqlitelike import connect
order = json.load(sys.stdin)
connection = connect(":memory:")
for statement in order["tables"]:
    connection.query(statement)
for table, block in order["blocks"]:
    stream = connection.send_insert(f"insert into {table} settings async_insert=0", "Native")
    stream.append(bytes.fromhex(block))
    stream.finish()
answers = [json.loads(connection.query(q, "JSON").bytes())["data"] for q in order["questions"]]
json.dump(answers, sys.stdout)
"""

Rows = list[dict[str, JsonValue]]


def ask(blocks: Sequence[NativeBlock], *questions: str, tables: Sequence[str] = ()) -> list[Rows]:
    """Return the answers after the blocks were inserted into fresh tables.

    The tables are those of Vedette, and what the statements `tables` create.
    """
    ours = [
        statement
        for path in sorted(Path(SQL_FOLDER).glob("*.sql"))
        for statement in statements(path, has_attribute_index=False)
    ]
    order = {
        "tables": [*ours, *tables],
        "blocks": [(table, body.hex()) for table, body, _ in blocks],
        "questions": questions,
    }
    child = subprocess.run(
        [sys.executable, "-c", _CHILD],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert child.returncode == 0, child.stderr
    answers: list[Rows] = json.loads(child.stdout)
    return answers
