"""Evidence as JSON: the key `evidence` of an audit, there only where it was asked for."""

from __future__ import annotations

from trueup.model.evidence import Evidence, Growth, Judged, Measure, ServerEvidence, Trial

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def evidence_json(evidence: Evidence | None) -> dict[str, Json]:
    if evidence is None:
        return {}
    return {"evidence": {"seed": evidence.seed, "servers": [_server(s) for s in evidence.servers]}}


def _server(server: ServerEvidence) -> Json:
    return {
        "driver": server.driver,
        "version": server.version,
        "sizes": list(server.sizes),
        "rows": dict(server.rows),
        "bytes": server.bytes,
        "seconds": round(server.seconds, 1),
        "stopped": server.stopped,
        "advice": [_advice(judged) for judged in server.advice],
        "queries": [_trial(trial) for trial in server.trials],
        "grades": [
            {"shape": check.shape.id, "grade": check.grade, "agrees": check.agrees, "why": check.why}
            for check in server.grades
        ],
        "hypothetical": [
            {"table": h.table, "index": h.index, "shape": h.shape, "real": h.real, "imagined": h.imagined}
            for h in server.hypothetical
        ],
        "refused": [{"table": table, "why": why} for table, why in server.refused],
    }


def _advice(judged: Judged) -> Json:
    advice = judged.advice
    return {
        "action": advice.action,
        "table": advice.table,
        "index": advice.name,
        "columns": list(advice.columns),
        "replaces": list(advice.replaces),
        "state": judged.state,
        "planned": judged.planned,
        "why": judged.why,
        "taken": list(judged.taken),
        "missed": list(judged.missed),
    }


def _trial(trial: Trial) -> Json:
    shape = trial.shape
    return {
        "shape": shape.id,
        "table": shape.table,
        "sites": [{"file": at.file, "line": at.line} for at in shape.sites],
        "problem": trial.problem,
        "sql": trial.sql,
        "before": [_measure(m) for m in trial.before],
        "after": [_measure(m) for m in trial.after],
        "growth_before": _growth(trial.growth_before),
        "growth_after": _growth(trial.growth_after),
        "time_ratio": _rounded(trial.ratio),
        "work_ratio": _rounded(trial.work_ratio),
        "slower": trial.hurt,
    }


def _measure(measure: Measure) -> Json:
    plan = measure.plan
    return {
        "rows": measure.rows,
        "plan": [
            {"table": s.table, "access": s.access, "index": s.index, "rows": s.rows} for s in plan.steps
        ],
        "sorts": plan.sorts,
        "temporary": plan.temporary,
        "examined": measure.work.amount,
        "unit": measure.work.unit,
        "seconds": None if measure.work.seconds is None else float(f"{measure.work.seconds:.3g}"),
    }


def _growth(growth: Growth | None) -> Json:
    if growth is None:
        return None
    return {"exponent": growth.exponent, "kind": growth.kind, "by": growth.by}


def _rounded(ratio: float | None) -> float | None:
    return None if ratio is None else float(f"{ratio:.3g}")
