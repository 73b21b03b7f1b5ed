"""An upload is authorised once, streamed, limited while it streams, and leaves nothing behind when it fails."""

import asyncio
import json

import pytest

from core.errors import AccessDenied
from pages.http import uploads


def lying(home):
    folder = home.settings.uploads_dir
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def send(guarded, token, chunks, *, announced=None, gone=False, name="cells.zip", also=""):
    """A POST whose body comes in these chunks; the status and the text, or None when the sender went away."""
    body = list(chunks)
    size = sum(map(len, body)) if announced is None else announced
    sent = []

    async def receive():
        if body:
            return {"type": "http.request", "body": body.pop(0), "more_body": bool(body) or gone}
        return {"type": "http.disconnect"}

    async def answer(message):
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8501")] + ([(b"content-length", b"%d" % size)] if size >= 0 else [])
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/upload",
        "query_string": f"token={token}&name={name}{also}".encode(),
        "scheme": "http",
        "server": ("127.0.0.1", 8501),
        "headers": headers,
    }
    asyncio.run(guarded(scope, receive, answer))
    return sent[0]["status"], sent[1]["body"].decode()


def test_a_file_arrives_whole_and_is_handed_over_once(served, guarded):
    token = uploads.make_upload()
    chunks = [bytes([number]) * 700_000 for number in range(4)]
    status, _ = send(guarded, token, chunks, name="My%20cells.zip")
    upload = uploads.arrived(token)
    assert status == 200
    assert upload.filename == "My cells.zip"
    assert upload.path.read_bytes() == b"".join(chunks)
    assert lying(served) == [upload.path.name]
    assert uploads.arrived(token) == upload, "it waits until somebody has taken it over"
    uploads.use_up(token)
    assert uploads.arrived(token) is None


@pytest.mark.parametrize("name", ["../../evil.zip", "%2Fetc%2Fpasswd", "..", "", "%00x", "a" * 300 + ".zip"])
def test_a_hostile_name_stays_in_the_uploads_folder(served, guarded, name):
    token = uploads.make_upload()
    assert send(guarded, token, [b"x"], name=name)[0] == 200
    assert uploads.arrived(token).path.parent == served.settings.uploads_dir


def test_without_a_token_nothing_is_written(served, guarded):
    assert send(guarded, "guess", [b"x"])[0] == 403
    assert send(guarded, "", [b"x"])[0] == 403
    assert lying(served) == []


def test_a_token_is_good_for_one_file(served, guarded):
    token = uploads.make_upload()
    assert send(guarded, token, [b"x"])[0] == 200
    assert not uploads.is_open(token)
    assert send(guarded, token, [b"y"])[0] == 403
    assert len(lying(served)) == 1


def test_two_requests_cannot_use_a_token_at_the_same_time(served):
    token = uploads.make_upload()
    with uploads.using(token), pytest.raises(AccessDenied), uploads.using(token):
        pass
    with uploads.using(token):
        assert uploads.is_open(token)


def test_a_token_ends(served, monkeypatch):
    monkeypatch.setattr(uploads, "LIFETIME_S", -1.0)
    token = uploads.make_upload()
    assert not uploads.is_open(token)
    with pytest.raises(AccessDenied), uploads.using(token):
        pass


def test_a_broken_line_leaves_nothing_and_the_token_open(served, guarded):
    token = uploads.make_upload()
    send(guarded, token, [b"x" * 2_000_000], announced=9_000_000, gone=True)
    assert lying(served) == []
    assert uploads.is_open(token)


def test_a_file_that_says_it_is_too_large_is_refused_at_once(serve, guarded):
    home = serve(max_upload_bytes=1000)
    status, text = send(guarded, uploads.make_upload(), [b"x" * 1001])
    assert status == 413
    assert "larger than the limit" in text
    assert lying(home) == []


def test_a_file_that_lies_about_its_size_is_cut_off_while_it_streams(serve, guarded):
    home = serve(max_upload_bytes=1000)
    status, _ = send(guarded, uploads.make_upload(), [b"x" * 600, b"x" * 600, b"x" * 600], announced=600)
    assert status == 413
    assert lying(home) == []


@pytest.mark.parametrize(("announced", "status"), [(-1, 400), (0, 400)])
def test_an_upload_says_how_long_it_is(served, guarded, announced, status):
    assert send(guarded, uploads.make_upload(), [b""], announced=announced)[0] == status
    assert lying(served) == []


def test_a_disk_without_room_is_said_before_the_file_is_sent(served, guarded, monkeypatch):
    free = type("Usage", (), {"free": 100_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda path: free)
    status, text = send(guarded, uploads.make_upload(), [b"x"])
    assert status == 507
    assert "0.10 GB are free" in text


def test_a_basket_takes_files_one_after_the_other_under_names_of_our_own(served, guarded):
    token = uploads.make_basket()
    assert lying(served) == [], "merely offering a basket leaves nothing on the disk"
    for name, content in (("DOE/scan%201.PNG", b"one"), ("..%2F..%2Fevil.nii.gz", b"two"), ("labels.csv", b"")):
        assert send(guarded, token, [content], name=name)[0] == 200
    assert uploads.arrived(token) is None, "it is not closed yet"
    assert send(guarded, token, [b""], also="&done=1")[0] == 200
    (basket,) = served.settings.uploads_dir.iterdir()
    assert uploads.arrived(token) == uploads.Upload(basket, "")
    names = json.loads((basket / ".lightbox-names.json").read_bytes())
    assert names == {"000001.png": "DOE/scan 1.PNG", "000002.nii.gz": "../../evil.nii.gz", "000003.csv": "labels.csv"}
    assert {name: (basket / name).read_bytes() for name in names} == dict(
        zip(names, (b"one", b"two", b""), strict=True)
    )
    assert send(guarded, token, [b"late"])[0] == 403


def test_a_basket_is_emptied_and_can_be_filled_again(served, guarded):
    token = uploads.make_basket()
    send(guarded, token, [b"one"], name="a.png")
    assert send(guarded, token, [b""], also="&cancel=1")[0] == 200
    assert lying(served) == []
    assert send(guarded, token, [b""], also="&done=1")[0] == 400, "nothing is in it"
    send(guarded, token, [b"two"], name="b.png")
    assert send(guarded, token, [b""], also="&done=1")[0] == 200
    assert [path.read_bytes() for path in uploads.arrived(token).path.glob("*.png")] == [b"two"]


def test_a_broken_line_leaves_nothing_of_that_file_in_a_basket(served, guarded):
    token = uploads.make_basket()
    send(guarded, token, [b"one"], name="a.png")
    send(guarded, token, [b"x" * 2_000_000], announced=9_000_000, gone=True, name="b.png")
    send(guarded, token, [b""], also="&done=1")
    assert sorted(path.name for path in uploads.arrived(token).path.iterdir()) == [".lightbox-names.json", "000001.png"]


def test_the_limits_are_those_of_the_whole_basket(serve, guarded):
    serve(max_upload_bytes=1000, max_files=3)
    token = uploads.make_basket()
    assert send(guarded, token, [b"x" * 600], name="a.png")[0] == 200
    assert send(guarded, token, [b"x" * 401], name="b.png")[0] == 413
    assert [send(guarded, token, [b"x"], name="b.png")[0] for _ in range(3)] == [200, 200, 413]
