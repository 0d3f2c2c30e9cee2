"""The end of every message: keeps mail, SMS and push messages, so that tests and people can look."""
