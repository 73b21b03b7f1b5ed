"""The tree of errors: every one is a sentence that says what is wrong, and a second one that says what to do.

Pages, routes and the command line catch `LightboxError` in one place each. Anything else is a bug and keeps
its traceback. `code` is what the store keeps, so that a reader in another process can raise the same kind again.
"""

from __future__ import annotations


class LightboxError(Exception):
    """An error that a user can act on.

    Args:
        what: one sentence: what is wrong, what was expected, what was received.
        remedy: one sentence: what to do about it.
    """

    code = "error"
    exit_status = 1

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}"


# --- refused input: nothing was changed (exit status 2) ---------------------------------------------------


class RefusedInput(LightboxError):
    """What came in cannot be used as it is; nothing was changed."""

    code = "refused"
    exit_status = 2


class BadArchive(RefusedInput):
    """An archive is empty, corrupt, or holds paths that leave its folder."""

    code = "bad_archive"


class BadImage(RefusedInput):
    """A file is no image, or an image that cannot be decoded."""

    code = "bad_image"


class BadDataset(RefusedInput):
    """The images can be read but do not make a data set (one class, labels out of range, ...)."""

    code = "bad_dataset"


class BadSetting(RefusedInput):
    """A setting is outside its limits or does not exist."""

    code = "bad_setting"


class UnbuildableNetwork(RefusedInput):
    """The layers do not fit the image: names the block and the cure."""

    code = "unbuildable_network"


class TooLarge(RefusedInput):
    """Something exceeds a limit of the settings: a file, an archive unpacked, an image, a batch."""

    code = "too_large"


class NotHandledYet(RefusedInput):
    """A kind of data that Lightbox knows of and does not handle in this version."""

    code = "not_handled_yet"


class NotFound(RefusedInput):
    """There is no data set, run, recipe or item of this id (any more)."""

    code = "not_found"


class WrongState(RefusedInput):
    """The thing exists, but what was asked does not fit the state it is in."""

    code = "wrong_state"


class AccessDenied(RefusedInput):
    """A request without the access key, or with a token that is wrong, used or expired."""

    code = "access_denied"


# --- work that ended badly (exit status 1) ------------------------------------------------------------------


class WorkFailed(LightboxError):
    """A job (an import, a run, an answer) could not be completed."""

    code = "work_failed"


class OutOfMemory(WorkFailed):
    """The device or the machine had no memory left."""

    code = "out_of_memory"


class Diverged(WorkFailed):
    """The training loss became NaN or infinite."""

    code = "diverged"


class DiskFull(WorkFailed):
    """The disk that holds the home folder is full."""

    code = "disk_full"


class NoNetwork(WorkFailed):
    """An address outside this machine cannot be reached, or the settings forbid it."""

    code = "no_network"


class DataGone(WorkFailed):
    """Files or rows that the job needs were deleted meanwhile."""

    code = "data_gone"


class WorkerLost(WorkFailed):
    """The process that did the work died without a word."""

    code = "worker_lost"


class NoAnswer(WorkFailed):
    """No worker answered in time."""

    code = "no_answer"


class Stopped(WorkFailed):
    """The user asked the job to stop before it had a result."""

    code = "stopped"


class Bug(WorkFailed):
    """An error of ours: its traceback is in the job's log."""

    code = "bug"


def error_from(code: str, what: str, remedy: str) -> LightboxError:
    """The error of kind `code` again, as another process stored it; an unknown code gives a `WorkFailed`."""
    return _kinds(LightboxError).get(code, WorkFailed)(what, remedy)


def _kinds(root: type[LightboxError]) -> dict[str, type[LightboxError]]:
    found = {root.code: root}
    for child in root.__subclasses__():
        found |= _kinds(child)
    return found
