"""Contracts: what a schema promises to those who work on it, ready to be made by a project that has none.

There is one so far, "ai-costs": the three tables of cost tracking and budget enforcement."""

from __future__ import annotations

from trueup.contracts.ai_costs import CONTRACT_NAMES, contract_binding, contract_schema

__all__ = ["CONTRACT_NAMES", "contract_binding", "contract_schema"]
