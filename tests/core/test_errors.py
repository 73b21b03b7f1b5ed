"""Every error is two sentences, a code that can be stored, and an exit status."""

import pickle

import pytest

from core import errors
from core.errors import LightboxError, RefusedInput, WorkFailed, error_from


def kinds(root=LightboxError):
    return [root, *(kind for child in root.__subclasses__() for kind in kinds(child))]


def test_every_kind_has_a_code_of_its_own():
    codes = [kind.code for kind in kinds()]
    assert len(codes) == len(set(codes)) > 15


@pytest.mark.parametrize("kind", kinds())
def test_an_error_comes_back_from_what_the_store_keeps(kind):
    before = kind("The file is empty.", "Choose another file.")
    after = error_from(before.code, before.what, before.remedy)
    assert type(after) is kind
    assert str(after) == "The file is empty. Choose another file."


@pytest.mark.parametrize("kind", kinds())
def test_an_error_can_cross_to_another_process(kind):
    back = pickle.loads(pickle.dumps(kind("What.", "Remedy.")))
    assert (type(back), back.what, back.remedy) == (kind, "What.", "Remedy.")


def test_an_unknown_code_is_work_that_failed():
    assert type(error_from("from_a_newer_version", "What.", "Remedy.")) is WorkFailed


def test_refused_input_ends_a_command_with_2_and_failed_work_with_1():
    assert {kind.exit_status for kind in kinds(RefusedInput)} == {2}
    assert {kind.exit_status for kind in kinds(WorkFailed)} == {1}


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_says_what_it_stands_for(kind):
    assert kind.__doc__
    assert getattr(errors, kind.__name__) is kind
