"""Start, watch and stop the whole platform; its parts that are not sites."""
