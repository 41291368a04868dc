"""Two models and their tables for the examples of this folder."""

from __future__ import annotations

from trueup.checks.model._examples import model, table

USERS = table(name="users")


def pair(record: str = "", user: str = "") -> dict[str, str]:
    """The files of the models CostRecord and User with bodies."""
    return {**model(record), **model(user, name="User")}


def tables(columns: str) -> str:
    """users, and cost_records with `columns`."""
    return USERS + table(columns)


BELONGS_TO = """
    public function user()
    {
        return $this->belongsTo(User::class);
    }
"""
HAS_ONE = """
    public function costRecord()
    {
        return $this->hasOne(CostRecord::class);
    }
"""
HAS_MANY = """
    public function costRecords()
    {
        return $this->hasMany(CostRecord::class);
    }
"""
