"""A process that charges:  python -m tests.ledger.writer URL DRIVER SHAPE CHARGES COST THREADS

Prints one line for each charge as it is committed, and at the end "refused N"; SHAPE is "contract" or "plain"."""

from __future__ import annotations

import sys
import threading
from decimal import Decimal

from tests.ledger.places import plain_binding
from trueup.contracts import contract_binding
from trueup.ledger import Entry, Ledger, LimitExceeded, RetryPolicy, connect
from trueup.model.names import DRIVERS


def main(url: str, driver_name: str, shape: str, charges: int, cost: str, threads: int) -> None:
    driver = next(d for d in DRIVERS if d == driver_name)
    binding = contract_binding(driver) if shape == "contract" else plain_binding(driver)
    ledger = Ledger(connect(url), binding, retry=RetryPolicy(attempts=60))
    said = threading.Lock()
    refused = []

    def work() -> None:
        for _ in range(charges):
            try:
                made = ledger.charge(Entry(7, Decimal(cost), "openai", "gpt-4o"))
            except LimitExceeded:
                refused.append(1)
                continue
            told = " ".join(f"{a.period}:{a.threshold}" for a in made.alerts)
            with said:
                print(f"charged {made.id} {told}", flush=True)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(f"refused {len(refused)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5], int(sys.argv[6]))
