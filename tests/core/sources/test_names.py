"""Names tell what a file is, and lose nothing but what cannot be seen."""

import pytest

from core.sources.names import base, ending, readable, sort_of, without_ending


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("a/1.png", "image"),
        ("./a/1.png", "image"),
        ("a/IM0001", "image"),
        ("a/1.2.840.10008", "image"),
        ("a/volume.NII.GZ", "image"),
        ("labels.CSV", "table"),
        ("a/labels.xlsx", "table"),
        ("labels.ods", "table"),
        ("more.tar.gz", "archive"),
        ("a/README", "other"),
        ("a/readme.md", "other"),
        ("a/license.png", "image"),
        (".git/1.png", "system"),
        ("__MACOSX/a/1.png", "system"),
        ("a/.DS_Store", "system"),
        ("a/Thumbs.db", "system"),
    ],
)
def test_what_a_file_is_as_far_as_its_name_tells(name, sort):
    assert sort_of(name) == sort


@pytest.mark.parametrize(
    ("name", "stem", "end"),
    [
        ("a/1.PNG", "a/1", ".png"),
        ("1.nii.gz", "1", ".nii.gz"),
        ("1.ome.tif", "1", ".ome.tif"),
        ("1.2.840.5", "1.2.840.5", ""),
        ("1.2.840.dcm", "1.2.840", ".dcm"),
        ("a.b/1", "a.b/1", ""),
        (".png", ".png", ""),
        ("a/.png", "a/.png", ""),
        ("", "", ""),
    ],
)
def test_endings(name, stem, end):
    assert (without_ending(name), ending(name)) == (stem, end)


def test_names_are_composed_and_nothing_in_them_is_hidden():
    assert readable("a\\gru\u0308n\u202e\n") == "a/gr\u00fcn\ufffd\ufffd"
    assert base("a/b/c.png") == "c.png"
