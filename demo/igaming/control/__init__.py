"""Start, watch and stop the platform. The supervising itself is done by `supervisor`."""
