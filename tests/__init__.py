"""Trueup's tests: one folder for each room, and the witnesses that they share."""
