"""What is shipped: the same bytes each time, with its types and licence; what it stands on is locked, hashed and listed."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def built(folder: Path) -> Path:
    """A wheel and a sdist, built from a copy of the tracked files in a folder of its own."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, tracked.decode().split("\0")):
        if (ROOT / name).is_file() and name.split("/")[0] in (
            "src",
            "README.md",
            "LICENSE",
            "pyproject.toml",
            ".gitignore",
        ):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "dist"


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    first, second = built(tmp_path / "one"), built(tmp_path / "and/another")
    assert digests(first) == digests(second)
    assert sorted(path.suffix for path in first.iterdir()) == [".gz", ".whl"]
    with zipfile.ZipFile(next(first.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {"trueup/py.typed", "trueup/cli/fleet.py"} - names == set()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names if not name.startswith("trueup-")} == {"trueup"}
    with tarfile.open(next(first.glob("*.tar.gz"))) as sdist:
        assert any(name.endswith("src/trueup/py.typed") for name in sdist.getnames())


def test_every_locked_package_has_hashes() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / name).read_text(), flags=re.M)[1:]
        assert len(entries) > 10
        assert [
            entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry or "==" not in entry
        ] == []


def test_the_licence_list_is_in_step() -> None:
    """`scripts/licences` writes it anew."""
    assert (
        subprocess.run([sys.executable, "scripts/licences", "--check"], cwd=ROOT, check=False).returncode == 0
    )
