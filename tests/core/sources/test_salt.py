"""The secret of a home is made once, whoever asks first, and nobody else can read it."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

from core.sources.salt import salt, salted


def test_whoever_asks_first_all_get_the_same(tmp_path):
    path = tmp_path / "home" / "salt"
    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(lambda _: salt(path), range(32)))
    assert len(made) == 1
    assert len(made.pop()) == 32
    assert [file.name for file in path.parent.iterdir()] == ["salt"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_uid == os.getuid()


def test_the_same_text_gives_another_hash_in_another_home(tmp_path):
    here, there = tmp_path / "a", tmp_path / "b"
    assert salted("p1", here) == salted(b"p1", here) != salted("p2", here)
    assert salted("p1", here) != salted("p1", there)
