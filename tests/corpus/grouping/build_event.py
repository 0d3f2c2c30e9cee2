"""Build the events of the grouping corpus from their short form.

A frame is one text: `A|module|file|function|line|code`. `A` is in-app, `L` a library, `N` not
said; `@name` stands for the frames of a stack that the file names. A relative file lies below
`root`. The second event of a pair is the first one with other parts.
"""

from collections.abc import Iterator
from typing import Any

FLAGS = {"A": True, "L": False, "N": None}
Spec = dict[str, Any]


def build_pair(corpus: Spec, pair: Spec) -> tuple[Spec, Spec]:
    """Return both events, as an SDK would send them."""
    first = {
        **corpus["defaults"],
        **corpus.get("templates", {}).get(pair.get("from"), {}),
        **pair.get("a", {}),
    }
    second = {**first, **pair["b"]}
    return build_event(corpus, first), build_event(corpus, second)


def build_event(corpus: Spec, spec: Spec) -> Spec:
    """Return one event."""
    event: Spec = {"platform": spec["platform"], "level": spec.get("level", "error")}
    name, _, version = spec["sdk"].partition("@")
    event["sdk"] = {"name": name, "version": version}
    if "message" in spec:
        event["logentry"] = {
            "formatted": spec["message"],
            **({"message": spec["template"]} if "template" in spec else {}),
        }
    exceptions = spec.get("chain") or ([spec] if "type" in spec or "value" in spec else [])
    values = [_exception(corpus, {**_shared(spec), **each}) for each in exceptions]
    if values:
        event["exception"] = {"values": values}
    if "threads" in spec:
        event["threads"] = {
            "values": [_thread(corpus, {**_shared(spec), **each}) for each in spec["threads"]]
        }
    for key in ("transaction", "fingerprint", "logger", "tags", "csp", "template_info", "release"):
        if key in spec:
            event[key.removesuffix("_info")] = spec[key]
    return event


def _shared(spec: Spec) -> Spec:
    return {key: spec[key] for key in ("platform", "root", "rename", "renumber") if key in spec}


def _exception(corpus: Spec, spec: Spec) -> Spec:
    value: Spec = {
        key: spec[key] for key in ("type", "value", "module", "mechanism") if key in spec
    }
    if spec.get("stack"):
        value["stacktrace"] = {"frames": list(_frames(corpus, spec))}
    return value


def _thread(corpus: Spec, spec: Spec) -> Spec:
    thread: Spec = {key: spec[key] for key in ("id", "name", "crashed", "current") if key in spec}
    return {**thread, "stacktrace": {"frames": list(_frames(corpus, spec))}}


def _frames(corpus: Spec, spec: Spec) -> Iterator[Spec]:
    for text in _texts(corpus, spec["stack"]):
        renamed = text
        for old, new in spec.get("rename", {}).items():
            renamed = renamed.replace(old, new)
        flag, module, file, function, line, code = (renamed.split("|", 5) + [""] * 6)[:6]
        frame: Spec = {"in_app": FLAGS[flag], "function": function, "filename": file}
        frame["abs_path"] = (
            file if not file or _is_absolute(file) else spec.get("root", "/srv/shop/") + file
        )
        if module:
            frame["module"] = module
        if line:
            frame["lineno"] = int(line) + spec.get("renumber", 0)
            frame["colno"] = 5 + int(line) % 40
        if code:
            before, code, after = _surroundings(code)
            frame |= {"pre_context": before, "context_line": code, "post_context": after}
        if spec["platform"] in ("native", "cocoa"):
            # There the second field is the image.
            frame["package"] = frame.pop("module", "")
            if not function:
                frame |= {
                    "instruction_addr": hex(0x400000 + int(line or 0)),
                    "image_addr": "0x400000",
                }
        yield frame


def _texts(corpus: Spec, stack: list[str]) -> Iterator[str]:
    for text in stack:
        name, _, times = text.partition(" x")
        if text.startswith("@"):
            yield from list(_texts(corpus, corpus["stacks"][name[1:]])) * int(times or 1)
        else:
            yield text


def _is_absolute(file: str) -> bool:
    return (
        not file
        or file.startswith(("/", "<", "index ", "eval at ", "native"))
        or "://" in file
        or ":" in file[:12]
    )


def _surroundings(code: str) -> tuple[list[str], str, list[str]]:
    """Return the lines before, the line marked with `>>`, and the lines after it."""
    lines = code.split("\n")
    marked = next((i for i, line in enumerate(lines) if line.startswith(">>")), 0)
    return lines[:marked], lines[marked].removeprefix(">>"), lines[marked + 1 :]
