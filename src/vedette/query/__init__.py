"""From search text to a question, and from columns to the shapes that people and scripts read."""
