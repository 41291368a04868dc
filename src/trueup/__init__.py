"""Audits what a codebase's database really is against what was written down for it."""

__version__ = "0.1.0"
