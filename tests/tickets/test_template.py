"""Templates of projects: what is kept of their shape, and what is refused."""

from __future__ import annotations

import pytest

from trueup.errors import UserError
from trueup.tickets.content import Content, Entry
from trueup.tickets.filling import Identity, fill, ticket_id
from trueup.tickets.template import BUILT_IN, read_template

CONTENT = Content(
    title="Create the table orders",
    description=("There is no table `orders`.",),
    documents=(Entry("docs/SPEC.md:3", "defines it"),),
    files=(Entry("a.php", "to write"), Entry("b.php:1", "to be looked at")),
    tests=(),
    criteria=("`trueup audit` is silent",),
    prompt=("WHAT THIS TICKET IS ABOUT:", "- Tables: orders"),
    risks=("- It may lock.",),
    rollback=("Drop it.",),
    notes=("- A doubt.",),
    effort="Small (< 4 hours): about 2 hours",
    dependencies=("9-first - Make it run",),
)
IDENTITY = Identity("Implementation", 10, "create-orders", "t/10-create-orders.md", "2025-01-01")


def test_the_built_in_template() -> None:
    assert (
        fill(read_template(BUILT_IN), CONTENT, IDENTITY)
        == """# Create the table orders

**Ticket ID**: Implementation/10-create-orders
**Date Created**: 2025-01-01
**Status**: Not Started

## Title
Create the table orders

## Description
There is no table `orders`.

## Related Documentation
- [ ] docs/SPEC.md:3 - defines it

## Related Files
- [ ] a.php - to write
- [ ] b.php:1 - to be looked at

## Related Tests
- [ ] None

## Acceptance Criteria
- [ ] `trueup audit` is silent

## AI Prompt
```
Read this ticket fully: t/10-create-orders.md. List the steps, wait for review, then do them one at a time.

WHAT THIS TICKET IS ABOUT:
- Tables: orders
```

## Risks
- It may lock.

## Rollback
Drop it.

## Notes
- A doubt.

## Estimated Effort
Small (< 4 hours): about 2 hours

## Dependencies
- [ ] 9-first - Make it run
"""
    )


OTHER = """---
id: [Number]
title: [Title]
status: todo
---

Criteria
========
1. [First]

### Overview ###
[Say it]

### Affected files
* [Path] — [What]

### Rollout window
[When]

### Prompt
~~~text
1. Read [TICKET_PATH]
2. If this is an AUDIT ticket, plan tickets
3. Stop
~~~
"""


def test_another_shape_stays_as_it_is() -> None:
    other = OTHER.replace("Criteria\n", "Acceptance criteria\n").replace(
        "========\n", "===================\n"
    )
    assert (
        fill(read_template(other, "docs/template.md"), CONTENT, IDENTITY)
        == """---
id: 10
title: Create the table orders
status: Not Started
---

Acceptance criteria
===================
1. `trueup audit` is silent

### Overview ###
There is no table `orders`.

- A doubt.

**Risks:**

- It may lock.

**Rollback:**

Drop it.

### Affected files
* a.php — to write
* b.php:1 — to be looked at

### Rollout window
[When]

### Prompt
~~~text
1. Read t/10-create-orders.md
2. Stop

WHAT THIS TICKET IS ABOUT:
- Tables: orders
~~~
"""
    )


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        ("[Phase]/[Number]-[short-description]", "Implementation/10-create-orders"),
        ("[Number]", "10"),
        ("SHOP-[number]", "SHOP-10"),
        ("Audit/1", "Implementation/10-create-orders"),
        ("", "Implementation/10-create-orders"),
    ],
)
def test_ids(hint: str, expected: str) -> None:
    assert ticket_id(hint, IDENTITY) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "# Template\n\n## Descripton\n[x]\n\n## Acceptance Criteria\n- [ ] [x]\n",
            "t.md: the template has no section 'Description'; is 'Descripton' meant for it? "
            "(expected headings such as ## Title, ## Description, ## Acceptance Criteria)",
        ),
        (
            "only text\n",
            "t.md: the template has no section 'Description' "
            "(expected headings such as ## Title, ## Description, ## Acceptance Criteria)\n"
            "t.md: the template has no section 'Acceptance Criteria' "
            "(expected headings such as ## Title, ## Description, ## Acceptance Criteria)",
        ),
    ],
)
def test_without_the_expected_headings(text: str, message: str) -> None:
    with pytest.raises(UserError) as refused:
        read_template(text, "t.md")
    assert str(refused.value) == message


def test_a_prompt_cannot_be_left_by_what_is_put_into_it() -> None:
    content = Content(
        **{**{name: getattr(CONTENT, name) for name in CONTENT.__struct_fields__}, "prompt": ("a ``` b",)}
    )
    assert "a ''' b" in fill(read_template(BUILT_IN), content, IDENTITY)
