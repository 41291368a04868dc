"""Checks of the code's queries against what the migrations build."""
