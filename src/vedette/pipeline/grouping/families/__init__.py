"""Language families: how each of them names code, and which code is the user's."""
