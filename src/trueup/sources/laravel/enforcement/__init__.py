"""How the code checks limits and keeps counts: the order of statements, the transactions and locks around them.

`read_enforcement` is the public face."""

from trueup.sources.laravel.enforcement.reader import read_enforcement

__all__ = ["read_enforcement"]
