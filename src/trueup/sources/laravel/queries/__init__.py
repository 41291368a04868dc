"""Query sites: every place where the code reaches the database, with tables and columns (see model/queries.py)."""

from trueup.sources.laravel.queries.reading import read_queries
from trueup.sources.laravel.queries.rereading import Rereading

__all__ = ["Rereading", "read_queries"]
