"""Whether a schema can carry cost tracking and budget enforcement, proved by doing the work on a scratch database.

```
with open_scratch(url) as scratch:
    run = run_probes(scratch, schema, binding, Workload(), subject="shop")
```

Each probe is a module of its own, named as the probe is; `registry` finds them, `running` runs them."""

from trueup.prove.registry import Probe, probes
from trueup.prove.running import chosen, estimate, run_probes

__all__ = ["Probe", "chosen", "estimate", "probes", "run_probes"]
