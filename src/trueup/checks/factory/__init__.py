"""Checks of factories against the tables that they fill."""
