"""Checks of validation rules against what the tables guarantee."""
