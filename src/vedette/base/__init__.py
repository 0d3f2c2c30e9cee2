"""What every room may lean on: clock, ids, tasks."""
