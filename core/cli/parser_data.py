"""The commands on data sets, with their arguments."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

Add = Callable[[str, str, str], argparse.ArgumentParser]

SPLITS = ("train", "val", "test")


def data_commands(add: Add) -> None:
    """Add `import`, `look`, `datasets`, `revise`, `export` and `delete`.

    Args:
        add: makes the parser of one command from its name, its function and its words.
    """
    _import(add)
    looked = add("look", "bringing.look", "say what is in a zip, an NPZ or a folder, and how it would be read")
    looked.add_argument("path", metavar="PATH", type=Path, help="the file or folder")
    _labelling(looked)
    add("datasets", "data.list_all", "list the data sets")
    _revise(add)
    exported = add("export", "revising.export", "write a data set with its split as a zip with a table")
    exported.add_argument("dataset", metavar="DATASET", help="the data set's id")
    exported.add_argument("--into", metavar="FILE", type=Path, help="copy it there; otherwise it lies for a day")
    deleted = add("delete", "data.delete", "delete a data set or a run")
    deleted.add_argument("id", metavar="ID", help="of the data set (ds_...) or the run (run_...)")
    deleted.add_argument("--yes", action="store_true", help="do it; otherwise only say what would be lost")


def _import(add: Add) -> None:
    brought = add("import", "data.bring_in", "bring in a zip, an NPZ or a folder of images, and accept it")
    source = brought.add_mutually_exclusive_group(required=True)
    source.add_argument("path", metavar="PATH", type=Path, nargs="?", help="the zip, the NPZ file or the folder")
    source.add_argument("--public", metavar="SET", help="fetch a public set: breastmnist, pneumoniamnist_64 ...")
    source.add_argument("--practice", action="store_true", help="draw the synthetic practice data instead")
    brought.add_argument("--name", help="what the data set is called")
    brought.add_argument("--positive", metavar="CLASS", help="of two classes, the one that is the finding")
    _labelling(brought)
    divided = brought.add_argument_group("how it is divided")
    divided.add_argument("--by-image", action="store_true", help="do not keep the images of a patient together")
    divided.add_argument("--seed", type=int, metavar="N", help="the number from which the division follows")
    divided.add_argument("--folds", type=int, metavar="N", help="divide all but the test images into so many folds")
    divided.add_argument("--fold", type=int, metavar="N", help="the fold that is for validation, from 1")


def _labelling(parser: argparse.ArgumentParser) -> None:
    told = parser.add_argument_group("where the labels are", "Without any of these: in the folders.")
    told.add_argument("--table", metavar="FILE", help="the table in it (CSV, TSV, XLSX); not needed if there is one")
    told.add_argument("--image-column", metavar="NAME", help="the column that names the images")
    label = told.add_mutually_exclusive_group()
    label.add_argument("--label-column", metavar="NAME", help="the column with the class")
    label.add_argument("--label-tag", metavar="KEYWORD", help="the DICOM tag with the class, for example Modality")
    patient = told.add_mutually_exclusive_group()
    patient.add_argument("--patient-column", metavar="NAME", help="the column with the patient")
    patient.add_argument("--patient-tag", metavar="KEYWORD", help="the DICOM tag with the patient: PatientID")
    told.add_argument("--split-column", metavar="NAME", help="the column with the split")
    told.add_argument(
        "--pattern", help="a pattern on the file names with {label}, {patient}, {split} and *: '{patient}_*_{label}'"
    )
    told.add_argument("--planes", choices=("each", "middle"), default="each", help="of files of several images")
    told.add_argument("--slice-axis", type=int, choices=(0, 1, 2), default=2, help="of NIfTI volumes (default: 2)")
    told.add_argument("--keep-names", action="store_true", help="keep the file names, though they may name patients")
    told.add_argument("--keep-patient-ids", action="store_true", help="keep patient ids as they are, not as hashes")


def _revise(add: Add) -> None:
    revised = add("revise", "revising.revise", "change a data set; an accepted one stays, and gets a revision")
    revised.add_argument("dataset", metavar="DATASET", help="the data set's id")
    change = revised.add_argument_group("changes, made in this order", "NUMBERS: of images, as 3,17,20-25.")
    change.add_argument("--exclude", metavar="NUMBERS", action="append", default=[], help="leave images out")
    change.add_argument("--relabel", metavar="CLASS=NUMBERS", action="append", default=[], help="another class")
    change.add_argument("--rename-class", metavar="OLD=NEW", action="append", default=[], help="a class's name")
    change.add_argument(
        "--place", metavar="SPLIT=NUMBERS", action="append", default=[], help="put into train, val or test"
    )
    change.add_argument("--settle-copies", choices=("drop", "together"), help="drop copies, or keep them on one side")
    change.add_argument("--near", action="store_true", help="with --settle-copies: near-duplicates too")
    change.add_argument("--sample", metavar="N", type=int, help="keep at most N images of each class")
    change.add_argument("--seed", type=int, default=0, metavar="N", help="with --sample: which ones")
    change.add_argument("--merge", metavar="DATASET", action="append", default=[], help="add another data set")
    change.add_argument("--patients", metavar="PATTERN", help="read the patient off the names: '{patient}_*'")
    change.add_argument("--folds", type=int, metavar="N", help="divide anew, all but the test images into N folds")
    change.add_argument("--fold", type=int, metavar="N", help="divide anew, with this fold for validation")
    change.add_argument("--by-image", action="store_true", help="divide anew, patients not kept together")
    change.add_argument("--split-seed", type=int, metavar="N", help="divide anew, from this number")
    change.add_argument("--edits", metavar="FILE", type=Path, help="further changes as JSON")
    revised.add_argument("--review", action="store_true", help="leave it in review; otherwise it is accepted")
