"""Cut what stands between brackets, however deep they are nested."""


def cut_marks(text: str, opening: str, closing: str) -> str:
    """Return `text` without what is between the brackets; one that is not closed stays."""
    if opening not in text:
        return text
    kept: list[str] = []
    depth, start = 0, 0
    for index, character in enumerate(text):
        if character == opening:
            if depth == 0:
                kept.append(text[start:index])
                start = index
            depth += 1
        elif character == closing and depth and text[index - 1] != "-":  # `->` closes nothing
            depth -= 1
            if depth == 0:
                start = index + 1
    return "".join(kept) + text[start:]
