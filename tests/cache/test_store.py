"""The store gives back what it was given, or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.cache import store
from trueup.cache.store import Store, cache_folder


@pytest.mark.parametrize("payload", [b"", b"x", os.urandom(100_000)])
def test_what_was_put_is_got(tmp_path: Path, payload: bytes) -> None:
    Store(str(tmp_path / "new")).put("key", payload)
    assert Store(str(tmp_path / "new")).get("key") == payload


def test_absent_and_folderless(tmp_path: Path) -> None:
    assert Store(str(tmp_path)).get("key") is None
    Store(None).put("key", b"x")
    assert Store(None).get("key") is None


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_entry_counts_as_absent_and_goes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    Store(str(folder)).put("key", b"the answer" * 7)
    file = folder / "key"
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = data.draw(
        st.sampled_from(
            [
                whole[:at],
                whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :],
                whole + b"x",
                whole[at:] + whole,
            ]
        ).filter(lambda text: text != whole)
    )
    file.write_bytes(damaged)
    assert Store(str(folder)).get("key") is None
    assert not file.exists()


def test_what_was_used_longest_ago_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_BYTES", 1000)
    kept = Store(str(tmp_path))
    for number in range(4):
        kept.put(f"key{number}", bytes(200))
        os.utime(tmp_path / f"key{number}", (number, number))
    kept.get("key0")
    kept.put("key4", bytes(200))
    assert sorted(os.listdir(tmp_path)) == ["key0", "key3", "key4"]


def test_a_folder_that_cannot_be_written_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Store(str(tmp_path / "file")).put("key", b"x")
    assert Store(str(tmp_path / "file")).get("key") is None


def test_runs_at_the_same_time_never_see_half_an_entry(tmp_path: Path) -> None:
    script = (
        "import sys; from trueup.cache.store import Store; s = Store(sys.argv[1])\n"
        "for n in range(150):\n"
        "    s.put('key', bytes([n % 251]) * 50_000)\n"
        "    got = s.get('key')\n"
        "    assert got is None or (len(got) == 50_000 and len(set(got)) == 1), len(got)\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(3)]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    assert os.listdir(tmp_path) == ["key"]


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUEUP_CACHE_DIR", "/a/b")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert cache_folder() == "/a/b"
    monkeypatch.delenv("TRUEUP_CACHE_DIR")
    assert cache_folder() == "/x/trueup"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder() is None
