"""What the asker is told when a question cannot be asked."""


class QuestionWrong(Exception):  # noqa: N818 - a state of the asker's text, not a mistake of ours
    """A parameter cannot be understood. The text is for the asker and names the parameter."""
