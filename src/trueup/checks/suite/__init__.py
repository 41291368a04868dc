"""Checks of what the tests run on, and of what they build for themselves."""
