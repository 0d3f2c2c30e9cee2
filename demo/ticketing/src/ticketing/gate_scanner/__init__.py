"""The site at the gate: reads tickets, says yes or no, writes every scan down."""
