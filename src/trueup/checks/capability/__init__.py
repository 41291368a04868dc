"""The code that enforces limits and keeps counts: what two requests at once can do to it."""
