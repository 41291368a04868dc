"""`trueup prove`: the probes on the schema of a project, or on that of a contract, in a scratch database."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from trueup.config import Options, nearest
from trueup.errors import Mistake, UserError
from trueup.model.names import Driver
from trueup.model.proofs import PROBE_NAMES, ProbeName, ProofRun, Workload
from trueup.model.roles import Binding
from trueup.model.schema import Schema
from trueup.structs import Struct, field, replace

MYSQL: tuple[Driver, ...] = ("mysql", "mariadb")
MOST_ROWS, MOST_WRITERS = 10_000_000, 64


class Asked(Struct, frozen=True):
    """What to prove. `url` None: SQLite in a temporary file. `contract` "": the project's own schema. `only` empty: all probes."""

    url: str | None = None
    contract: str = ""
    workload: Workload = field(default_factory=Workload)
    only: tuple[ProbeName, ...] = ()


def asked_for(
    url: str | None, contract: str | None, numbers: dict[str, str | None], only: Sequence[str]
) -> tuple[Asked, tuple[Mistake, ...]]:
    """The options as typed, checked, and every mistake in them. `numbers`: rows, writers, seed and load."""
    mistakes: list[Mistake] = []
    found = {
        "rows": _number("rows", numbers.get("rows"), 1_000, MOST_ROWS, mistakes),
        "writers": _number("writers", numbers.get("writers"), 2, MOST_WRITERS, mistakes),
        "seed": _number("seed", numbers.get("seed"), 0, 2**32, mistakes),
    }
    workload = replace(Workload(), **{k: v for k, v in found.items() if v is not None})
    workload = replace(workload, load=_load(numbers.get("load"), mistakes) or workload.load)
    probes: list[ProbeName] = []
    for name in (part for text in only for part in re.split(r"[\s,]+", text) if part):
        known = next((p for p in PROBE_NAMES if p == name.lower().replace(" ", "-").replace("_", "-")), None)
        if known:
            probes.append(known)
        else:
            mistakes.append(Mistake("--only", f"there is no probe '{name}'", nearest(name, PROBE_NAMES)))
    if contract:
        from trueup.contracts import CONTRACT_NAMES

        if contract not in CONTRACT_NAMES:
            mistakes.append(
                Mistake("--contract", f"there is no contract '{contract}'", nearest(contract, CONTRACT_NAMES))
            )
    return Asked(url, contract or "", workload, tuple(probes)), tuple(mistakes)


def _number(name: str, text: str | None, least: int, most: int, mistakes: list[Mistake]) -> int | None:
    if text is None:
        return None
    plain = text.replace("_", "").replace(",", "")
    if plain.isdigit() and least <= int(plain) <= most:
        return int(plain)
    mistakes.append(Mistake(f"--{name}", f"'{text}' is no number that it takes", f"{least:,} to {most:,}"))
    return None


def _load(text: str | None, mistakes: list[Mistake]) -> float | None:
    if text is None:
        return None
    if re.fullmatch(r"\d{1,6}(\.\d+)?", text) and float(text) > 0:
        return float(text)
    mistakes.append(Mistake("--load", f"'{text}' is no number of requests a second", "such as 10 or 0.5"))
    return None


def prove(path: str, options: Options, asked: Asked, tell: Callable[[str], None]) -> ProofRun:
    """Runs the probes that are asked for. Raises UserError with every mistake in the path, the options and the configuration, and
    where no scratch database can be made."""
    from trueup.prove.running import run_probes
    from trueup.scratch import open_scratch

    _check(path, options, asked)
    with open_scratch(asked.url) as scratch:
        driver = scratch.driver
        if options.driver is not None and not _same_family(options.driver, driver):
            raise UserError(
                Mistake("--driver", f"the server is {driver}, not {options.driver}", "leave --driver out")
            )
        tell("reading the schema")
        subject, schema, binding = _subject(path, options, asked, driver, scratch.server_version)
        return run_probes(
            scratch, schema, binding, asked.workload, subject=subject, only=asked.only, tell=tell
        )


def _check(path: str, options: Options, asked: Asked) -> None:
    """Mistakes that show before any database is made."""
    from trueup.pipeline.opening import open_target

    if asked.contract:
        if options.mistakes:
            raise UserError(*options.mistakes)
        return
    open_target(path, options)


def _same_family(asked: str, driver: Driver) -> bool:
    return asked == driver or (asked in MYSQL and driver in MYSQL)


def _subject(
    path: str, options: Options, asked: Asked, driver: Driver, version: str
) -> tuple[str, Schema, Binding]:
    if asked.contract:
        from trueup.contracts import contract_binding, contract_schema

        return f"the contract {asked.contract}", contract_schema(driver), contract_binding(driver)
    from trueup.pipeline.roles import project_roles

    number = re.search(r"(?<!\d)\d++(\.\d++)++", version)
    opened = replace(options, driver=driver, server_version=number[0] if number else None, database_url=None)
    return project_roles(path, opened)
