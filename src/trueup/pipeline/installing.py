"""What installs, on another machine, the Trueup that runs here: told by what pip noted when it was installed (PEP 610)."""

from __future__ import annotations

import json
import re
import textwrap
from importlib.metadata import PackageNotFoundError, distribution

from trueup import __version__
from trueup.structs import Struct

_SAFE = re.compile(r"[\w.:/+~%@-]+")
_FROM_A_FOLDER = (
    f"Put here what installs your Trueup. This one was installed from a folder of this machine, which others don't have, and "
    f"the package index need not have a trueup {__version__}, nor one that is this program. From a repository: "
    '"trueup @ git+https://HOST/OWNER/NAME@COMMIT". From a wheel or a checkout in this repository: its path.'
)


class Requirement(Struct, frozen=True):
    """A requirement as pip takes it, and what its reader must know or do first, or ""."""

    text: str
    remark: str = ""

    def comment(self, indent: int) -> str:
        """The remark as lines of a YAML comment."""
        lead = " " * indent + "# "
        return "".join(f"{lead}{line}\n" for line in textwrap.wrap(self.remark, 110 - len(lead)))


def requirement() -> Requirement:
    """The requirement of the Trueup that runs."""
    try:
        noted = distribution("trueup").read_text("direct_url.json")
    except PackageNotFoundError:
        return required("{}")
    return required(noted)


def required(noted: str | None) -> Requirement:
    """By the text of direct_url.json; None where there is none, which means: from a package index."""
    of_index = f"trueup=={__version__}"
    if noted is None:
        return Requirement(of_index)
    source = json.loads(noted)
    url, vcs = str(source.get("url", "")), source.get("vcs_info")
    if vcs:
        url = f"{vcs.get('vcs')}+{url}@{vcs.get('commit_id')}"
    reachable = re.match(r"(\w+\+)?(https|ssh)://", url)
    if reachable and _SAFE.fullmatch(url):
        return Requirement(f"trueup @ {url}")
    return Requirement(of_index, _FROM_A_FOLDER)
