"""The project's configuration, as far as the database is concerned."""

from trueup.sources.laravel.config.read import read_config

__all__ = ["read_config"]
