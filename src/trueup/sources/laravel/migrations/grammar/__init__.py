"""Blueprints to schema statements, per server and framework version, in the order in which the framework emits them."""

from __future__ import annotations

from trueup.sources.laravel.migrations.grammar.base import Grammar, Live
from trueup.sources.laravel.migrations.grammar.mysql import MariaDbGrammar, MySqlGrammar
from trueup.sources.laravel.migrations.grammar.pgsql import PostgresGrammar
from trueup.sources.laravel.migrations.grammar.sqlite import SQLiteGrammar
from trueup.sources.laravel.migrations.settings import Settings

__all__ = ["Grammar", "Live", "grammar_for"]


def grammar_for(settings: Settings, live: Live) -> Grammar:
    """The grammar of the settings' driver; MariaDB has one of its own from 11 on."""
    if settings.driver == "sqlite":
        return SQLiteGrammar(settings, live)
    if settings.driver == "pgsql":
        return PostgresGrammar(settings, live)
    if settings.driver == "mariadb" and settings.major >= 11:
        return MariaDbGrammar(settings, live)
    return MySqlGrammar(settings, live)
