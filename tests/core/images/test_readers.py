"""Files in a process of their own: the same answers as here, and no file that hangs, crashes or fills the memory."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from core.errors import BadImage, NotHandledYet, RefusedInput, TooLarge, WorkFailed
from core.images import Readers, apart, decode, decode_apart, planes, reduced, told
from tests.core.images.dicom_files import ct, dicom
from tests.core.images.files import by_pillow, noise, ramp

ROOT = Path(__file__).parents[3]
RIGGED = """
import os, signal, sys, time
import numpy as np
from core.errors import BadImage
from core.images import reader_process

real, sound, held = reader_process.opened, reader_process.packed, []

def opened(data, **about):
    if b"LOOP" in data:
        while True:
            pass
    if b"FROZEN" in data:
        os.kill(os.getpid(), signal.SIGSTOP)
    if b"CRASH" in data:
        os.kill(os.getpid(), signal.SIGSEGV)
    if b"HOG" in data:
        while len(held) < 32:
            held.append(np.empty(2**24))
    if b"SECRETS" in data:
        raise BadImage(" ".join(os.environ), "")
    if b"WRITES" in data:
        with open(sys.argv[1], "wb") as file:
            file.write(b"1")
    if b"PRINTS" in data:
        os.write(1, b"x" * 1000)
    return real(data, **about)

def packed(value):
    header, raw = sound(value)
    if value.pixels.shape == (3, 3):
        header["pixels"]["shape"] = [3000, 3000]
    if value.pixels.shape == (3, 4):
        header["pixels"]["dtype"] = "object"
    if value.pixels.shape == (3, 5):
        os.kill(os.getpid(), signal.SIGSEGV)
    return header, raw

reader_process.opened, reader_process.packed = opened, packed
reader_process.main(int(sys.argv[-1]))
"""


def planted(word, pixels=None):
    return dicom(ct() if pixels is None else pixels, PatientComments=word)


@pytest.fixture(scope="module")
def plain():
    with Readers(2) as found:
        yield found


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """A program that behaves as the files ask for; its argument is a file that it might write."""
    folder = tmp_path_factory.mktemp("rigged")
    (folder / "rigged.py").write_text(RIGGED)
    return [sys.executable, str(folder / "rigged.py"), str(folder / "written")]


@pytest.fixture(scope="module")
def rigged(command):
    """A pool of one such program."""
    with Readers(1, memory_bytes=2**30, command=command) as made:
        yield made


@pytest.fixture
def impatient(rigged):
    """The same, with little time for an answer."""
    usual, rigged.limit_s = rigged.limit_s, 0.5
    yield rigged
    rigged.limit_s = usual


def seen(pool, data, plane=0):
    with pool.open(data, "x", 10**6) as file:
        return file.decode(plane)


def same(one, other):
    assert (one.bit_depth, one.grey, one.format, one.tone) == (other.bit_depth, other.grey, other.format, other.tone)
    assert one.pixels.dtype == other.pixels.dtype
    assert np.array_equal(one.pixels, other.pixels)
    assert np.array_equal(one.shown, other.shown)


SEVERAL = {
    "frames": lambda: dicom(noise(6, 8, 3, np.uint16).transpose(2, 0, 1), frames=3, WindowCenter=100, WindowWidth=50),
    "signed": lambda: dicom(ct(), RescaleSlope=2, RescaleIntercept=-1024),
    "colours": lambda: dicom(ramp(), syntax="deflated"),
    "pages": lambda: by_pillow(ramp(), "TIFF", save_all=True, append_images=[]),
    "png": lambda: by_pillow(ramp(), "PNG"),
}


@pytest.mark.parametrize("kind", SEVERAL)
def test_it_gives_what_decoding_here_gives(plain, kind):
    data = SEVERAL[kind]()
    with plain.open(data, "x", 10**6) as file:
        assert file.planes == planes(data, "x")
        assert file.told == told(data, "x")
        for plane in (*range(file.planes), 0):
            same(file.decode(plane), decode(data, name="x", max_pixels=10**6, plane=plane))


def test_what_comes_back_may_be_written_to(plain):
    seen(plain, dicom(ct())).pixels[:] = 0


@pytest.mark.parametrize(
    ("data", "plane", "most"),
    [(b"", 0, 99), (b"words", 0, 99), (dicom(ct())[:300], 0, 99), (dicom(ct()), 1, 99), (dicom(ct()), 0, 19)],
)
@pytest.mark.parametrize("ahead", [True, False])
def test_it_refuses_in_the_same_words(plain, data, plane, most, ahead):
    with pytest.raises(RefusedInput) as here:
        decode(data, name="a name", max_pixels=most, plane=plane)
    with (
        pytest.raises(RefusedInput) as there,
        plain.open(data, "a name", most, ahead=ahead) as file,
    ):
        file.decode(plane)
    assert (type(here.value), str(here.value)) == (type(there.value), str(there.value))


@pytest.mark.parametrize("word", ["LOOP", "FROZEN"])
def test_a_file_that_holds_its_reader_is_refused_when_its_time_is_up(impatient, word):
    with pytest.raises(BadImage, match=r"Reading the file 'x' took longer than 0.5 s"):
        seen(impatient, planted(word))
    impatient.limit_s = 60
    assert seen(impatient, dicom(ct())).pixels.shape == (4, 5)


def test_a_file_that_crashes_its_reader_is_refused(rigged):
    for _ in range(2):
        with pytest.raises(BadImage, match="broke off"):
            seen(rigged, planted("CRASH"))
    assert seen(rigged, dicom(ct())).pixels.shape == (4, 5)


def test_a_file_that_fills_the_memory_is_refused(rigged):
    # the planted file asks for 32 times 128 MiB, the limit is 1,024 MiB
    with pytest.raises(TooLarge, match=r"needs more than 1,024 MiB of memory"):
        seen(rigged, planted("HOG"))
    assert seen(rigged, dicom(ct())).pixels.shape == (4, 5)


def test_a_crash_at_one_plane_leaves_the_file_open_for_the_next(rigged):
    data = planted("", noise(3, 5))
    with rigged.open(data, "x", 100, ahead=False) as file:
        for _ in range(2):
            with pytest.raises(BadImage, match="broke off"):
                file.decode()
        assert file.planes == 1


@pytest.mark.parametrize("shape", [(3, 3), (3, 4)])
def test_an_answer_that_cannot_be_is_taken_for_a_crash(rigged, shape):
    with pytest.raises(BadImage, match="broke off"):
        seen(rigged, planted("", noise(*shape)))


def test_a_reader_writes_no_file_and_what_it_prints_is_no_answer(rigged, command):
    with pytest.raises(RefusedInput):
        seen(rigged, planted("WRITES"))
    written = Path(command[-1])
    assert not written.exists() or not written.stat().st_size
    assert seen(rigged, planted("PRINTS")).pixels.shape == (4, 5)


def test_a_reader_does_not_know_our_settings(command, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_ACCESS_KEY", "open sesame")
    with Readers(1, command=command) as pool, pytest.raises(BadImage) as caught:
        seen(pool, planted("SECRETS"))
    assert "PATH" in caught.value.what
    assert "LIGHTBOX" not in caught.value.what


def test_a_program_that_does_not_start_is_no_fault_of_the_file():
    with (
        Readers(1, command=[sys.executable, "-c", "raise SystemExit"]) as pool,
        pytest.raises(WorkFailed, match="could not be started"),
    ):
        seen(pool, dicom(ct()))


def test_many_threads_share_a_few_processes(plain):
    files = [dicom(noise(20, 20 + n, dtype=np.uint16, seed=n)) for n in range(24)]
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda data: seen(plain, data), files))
    for data, one in zip(files, found, strict=True):
        same(one, decode(data, name="x", max_pixels=10**6))
    mine = [child for child in psutil.Process().children() if "core.images.reader_process" in child.cmdline()]
    assert len(mine) <= 2 + 1  # and the one that `decode_apart` keeps


def test_what_is_easy_to_read_takes_no_process():
    with Readers(1, command=["/nonexistent"]) as pool:
        assert seen(pool, by_pillow(ramp(), "PNG")).pixels.shape == (40, 60, 3)
        assert seen(pool, by_pillow(ramp(), "JPEG")).format == "JPEG"


def test_no_process_is_left_when_the_pool_is_closed():
    with Readers(1) as pool:
        before = set(psutil.Process().children())
        seen(pool, dicom(ct()))
        (mine,) = set(psutil.Process().children()) - before
    assert not mine.is_running()


def test_closing_breaks_off_a_read_that_is_under_way(command):
    ended = []

    def read():
        with pytest.raises(BadImage, match="broke off"):
            seen(pool, planted("LOOP"))
        ended.append(True)

    with Readers(1, command=command) as pool:
        seen(pool, dicom(ct()))
        thread = threading.Thread(target=read)
        thread.start()
        while pool._idle:  # until the thread has taken it
            time.sleep(0.01)
    thread.join(60)
    assert ended


def test_a_reader_ends_when_its_program_is_killed():
    code = """
import sys, time, psutil
from core.images import Readers
from tests.core.images.dicom_files import ct, dicom
pool = Readers(1)
with pool.open(dicom(ct()), "x", 100) as file:
    print(psutil.Process().children()[0].pid, flush=True)
    time.sleep(60)
"""
    asker = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    with asker:
        reader = psutil.Process(int(asker.stdout.readline()))
        asker.send_signal(signal.SIGKILL)
    reader.wait(20)
    assert not reader.is_running() or reader.status() == psutil.STATUS_ZOMBIE


def test_one_file_now_and_then_needs_no_pool():
    data = dicom(noise(4, 6, 2, np.uint16).transpose(2, 0, 1), frames=2)
    same(decode_apart(data, name="x", max_pixels=99, plane=1), decode(data, name="x", max_pixels=99, plane=1))
    kept = apart._own[os.getpid()]
    decode_apart(data, name="x", max_pixels=99)
    assert apart._own[os.getpid()] is kept
    assert len(kept._all) == 1


def test_an_open_file_is_reduced_and_told_in_one_go(plain):
    for data in (by_pillow(ramp(), "JPEG", comment=b"Planted"), by_pillow(ramp(), "PNG"), by_pillow(ramp(), "BMP")):
        with plain.open(data, "x", 10**6) as file:
            assert file.told == told(data, "x")
            assert file.reduced == reduced(data, "x")
    with plain.open(dicom(ct()), "x", 99) as file, pytest.raises(NotHandledYet):
        _ = file.reduced


@pytest.mark.parametrize("folder", ["hostile_images", "tiff", "nifti"])
def test_every_strange_file_is_read_or_refused_in_words(real_data, plain, folder):
    files = sorted(path for path in real_data(folder).rglob("*") if path.is_file())

    def ends(path):
        """The size of the first image and of the last, or why there is none."""
        try:
            with plain.open(path.read_bytes(), path.name, 10**8) as file:
                return [file.decode(plane).pixels.size for plane in {0, file.planes - 1}]
        except RefusedInput as error:
            return error.what

    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(ends, files))
    refused = [(path, what) for path, what in zip(files, found, strict=True) if isinstance(what, str)]
    assert len(found) - len(refused) >= (250 if folder == "hostile_images" else len(files) * 0.7)
    assert all(repr(path.name) in what and "broke off" not in what for path, what in refused)
    readers = [child for child in psutil.Process().children() if "core.images.reader_process" in child.cmdline()]
    assert max(reader.memory_info().rss for reader in readers) < 2**30


def test_a_large_file_does_not_stay_in_the_memory_of_its_reader():
    before = set(psutil.Process().children())
    with Readers(1) as pool:
        seen(pool, dicom(ct()))
        (reader,) = set(psutil.Process().children()) - before
        usual = reader.memory_info().rss
        large = dicom(noise(8000, 8000))  # 64 MB
        with pool.open(large, "x", 10**8) as file:
            assert file.planes == 1
            assert reader.memory_info().rss > usual + 2**26
        deadline = time.monotonic() + 30
        while reader.memory_info().rss > usual + 2**25 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert reader.memory_info().rss <= usual + 2**25
        assert seen(pool, dicom(ct())).pixels.shape == (4, 5)
