"""Every version of the grouping algorithm that is still in use."""
