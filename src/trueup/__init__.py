"""Audits what a codebase's database really is against what was written down for it."""
