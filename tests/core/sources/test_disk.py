"""A full disk is told in words, before the work where that is possible."""

import errno

import pytest

from core.errors import DiskFull
from core.sources.disk import full_disk_in_words, in_words, require_room


def test_too_little_room_is_refused(tmp_path):
    require_room(tmp_path, 1)
    with pytest.raises(DiskFull, match=r"1,048,576\.0 GiB"):
        require_room(tmp_path, 2**50)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_becomes_our_error(code):
    with pytest.raises(DiskFull), full_disk_in_words():
        raise OSError(code, "full")


def test_other_errors_pass():
    with pytest.raises(PermissionError), full_disk_in_words():
        raise PermissionError(errno.EACCES, "no")


def test_sizes_in_words():
    # 1.5 MiB = 1,572,864 bytes
    assert [in_words(size) for size in (0, 1_572_864, 2 * 1024**3)] == ["0.0 MiB", "1.5 MiB", "2.0 GiB"]
