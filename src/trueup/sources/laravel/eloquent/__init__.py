"""Eloquent models, factories and tests: what the code says of the tables.

classes.py finds every class by its text, so that only files that matter are parsed; lineage.py lays out a class, its traits and
its parents in the order in which PHP looks; literals.py tells the values that are written down (written.py); models.py,
relations.py, factories.py and tests.py read the facts. `read_eloquent` is the public face."""

from trueup.sources.laravel.eloquent.read import read_eloquent

__all__ = ["read_eloquent"]
