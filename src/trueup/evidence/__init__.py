"""What the indexes and queries of a project do on a real server: synthetic rows, plans, rows examined, growth.

    sizes → columns → rows → load ─┐
    shapes ─ parameters ─ sql ─────┴─ explain, work → growth → measure → verdicts (trueup.model.evidence)

Everything happens in scratch databases that Trueup makes and drops (`trueup.scratch`); nothing of the project is run."""

from __future__ import annotations
