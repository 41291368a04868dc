"""What `trueup init` writes to install Trueup elsewhere, by what pip noted here."""

from __future__ import annotations

import pytest

from trueup import __version__
from trueup.pipeline.installing import required
from trueup.pipeline.starting import hooks, workflow

INDEX = f"trueup=={__version__}"
GIT = '{"url": "https://git.example/acme/trueup.git", "vcs_info": {"vcs": "git", "commit_id": "0a1b2c"}}'


@pytest.mark.parametrize(
    ("noted", "text", "remarked"),
    [
        (None, INDEX, False),
        (GIT, "trueup @ git+https://git.example/acme/trueup.git@0a1b2c", False),
        ('{"url": "https://x.example/trueup-1-py3-none-any.whl"}', None, False),
        ('{"url": "file:///home/ada/trueup", "dir_info": {"editable": true}}', INDEX, True),
        ('{"url": "https://x.example/a\\"; rm -rf .", "archive_info": {}}', INDEX, True),
        ("{}", INDEX, True),
    ],
)
def test_the_requirement(noted: str | None, text: str | None, remarked: bool) -> None:
    wanted = required(noted)
    assert wanted.text == (text or "trueup @ https://x.example/trueup-1-py3-none-any.whl")
    assert bool(wanted.remark) == remarked


def test_both_files_say_what_to_put_where_others_cannot_install_it() -> None:
    folder, git = required("{}"), required(GIT)
    for made in (hooks, workflow):
        lines = made(".", folder).splitlines()
        at = next(n for n, line in enumerate(lines) if INDEX in line and "#" not in line)
        assert lines[at - 1].lstrip().startswith("# ")
        assert "Put here what installs your Trueup." in "\n".join(lines[:at])
        assert "Put here" not in made(".", git)
        assert git.text in made(".", git)
