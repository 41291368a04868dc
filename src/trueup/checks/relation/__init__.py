"""Checks of the relations between models against the keys, constraints and indexes of their tables."""
