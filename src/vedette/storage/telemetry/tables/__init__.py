"""One file per dataset: the names under which it is asked, and where each of them lies."""
