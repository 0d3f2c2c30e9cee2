"""Scenarios as executable contracts: read, trigger, watch the server, write the scoreboard."""
