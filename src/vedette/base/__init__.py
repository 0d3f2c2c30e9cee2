"""What every room may lean on: clock, ids, dice, tasks."""
