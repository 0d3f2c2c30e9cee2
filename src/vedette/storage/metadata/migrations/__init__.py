"""The steps by which the tables of the metadata came to be what they are."""
