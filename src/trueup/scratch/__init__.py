"""Scratch databases: made for one run under a name of Trueup's own, filled with a schema, and dropped whatever happens.

```
with open_scratch("pgsql://postgres@127.0.0.1/") as scratch:
    built = build(scratch, schema)
    with scratch.engine.begin() as connection: ...
```

No other database is ever touched, and where the server does not let us make one, that is said and nothing is tried elsewhere."""

from trueup.scratch.building import Built, Refusal, build
from trueup.scratch.opening import Scratch, ScratchError, open_scratch
from trueup.scratch.sessions import engine_for

__all__ = ["Built", "Refusal", "Scratch", "ScratchError", "build", "engine_for", "open_scratch"]
