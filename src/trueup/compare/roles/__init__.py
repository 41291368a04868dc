"""Roles: which tables and columns of a schema play which part in cost tracking."""

from __future__ import annotations

from trueup.compare.roles.find import find_roles

__all__ = ["find_roles"]
