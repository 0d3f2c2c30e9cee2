"""A small ticketing platform: three sites, two databases, one journey from order to gate."""
