"""Checks of the configuration of connections and of names of tables."""
