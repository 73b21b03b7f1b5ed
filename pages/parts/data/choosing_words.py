"""The words of the choosing form: what each place and each setting does, and when to change it; for clinicians."""

from __future__ import annotations

from core.specs import OriginKind
from pages.parts.data.choosing_draft import Role

PLACES: dict[OriginKind, str] = {
    OriginKind.NONE: "Nowhere",
    OriginKind.FOLDER: "Folders",
    OriginKind.COLUMN: "Table",
    OriginKind.TAG: "DICOM header",
    OriginKind.PATTERN: "File name",
}
"""What the places are called, short enough to stand side by side."""

TITLES: dict[Role, str] = {"label": "Class", "patient": "Patient", "split": "Split"}

WHY: dict[Role, str] = {
    "label": "What the network learns to tell: healthy or ill, a kind of cell, a view.",
    "patient": (
        "Images of one patient resemble each other. The same patient in training and test makes a result look better"
        " than it is, so Lightbox keeps all images of a patient in one split."
    ),
    "split": "Which images are for learning (training), for comparing (validation), for the final figures (test).",
}

ASK: dict[Role, str] = {
    "label": "Where is the class of an image written?",
    "patient": "Where is the patient written?",
    "split": "Where is the split written?",
}

HELP: dict[Role, str] = {
    "label": (
        "Says where Lightbox reads the class of each image. Change it when the classes in the preview are not the ones"
        " that you mean."
    ),
    "patient": (
        "Says which images belong together. Choose it whenever a patient has more than one image; a slide, a biopsy or"
        " a hospital serves as well. Leave it at Nowhere only when every image comes from somebody else."
    ),
    "split": (
        "Says whether the data bring a division of their own. Choose it when results must be compared with a published"
        " division; otherwise leave it at Nowhere, and Lightbox divides the images by chance, patient by patient."
    ),
}

MEANS: dict[Role, dict[OriginKind, str]] = {
    "label": {
        OriginKind.FOLDER: "The folder that an image lies in is its class.",
        OriginKind.COLUMN: "A table beside the images names each image in one column, and its class in another.",
        OriginKind.TAG: "The files say it themselves, as *Modality* or *ViewPosition* do.",
        OriginKind.PATTERN: "A part of each file name is the class, as *ap* in `p017_ap.png`.",
    },
    "patient": {
        OriginKind.NONE: "Nothing says so: every image counts as a patient of its own.",
        OriginKind.COLUMN: "A column of the table says it.",
        OriginKind.TAG: "The files say it themselves, as *PatientID* does.",
        OriginKind.PATTERN: "A part of each file name is the patient, as *p017* in `p017_ap.png`.",
    },
    "split": {
        OriginKind.NONE: "Lightbox divides them: 70 % training, 15 % validation, 15 % test. You can change that later.",
        OriginKind.FOLDER: "Folders called *train*, *val* and *test*; where there are none, Lightbox divides them.",
        OriginKind.COLUMN: "A column of the table says *train*, *val* or *test*.",
        OriginKind.PATTERN: "A part of each file name says *train*, *val* or *test*.",
    },
}

NAME_HELP = (
    "What the data set is called on every page. Change it to something that you find again; the name of a person does"
    " not belong into it."
)
NPZ = "An NPZ file says itself which image is of which class and in which split: there is nothing to choose."
DROPPED = "Names, dates and whatever else the files say beside their pixels are dropped; the review lists them."
NO_TABLE = "There is no table beside these images. With one (CSV, TSV or XLSX) the class could be read from a column."
TABLE_HELP = (
    "A table has a row for each image and a column for each thing that is known of it. Choose another one when the"
    " rows on the right are not about these images."
)
IMAGE_HELP = (
    "The column that says which image a row is about. It matches with or without folder and ending: scan7, scan7.png"
    " and a/scan7.png all find a/scan7.png. Change it when few images get a class."
)
COLUMN_HELP: dict[Role, str] = {
    "label": "Every different value in this column becomes a class. Choose one with few values that mean something.",
    "patient": "Rows with the same value belong together, and stay in one split. Choose the most general one you have.",
    "split": "Its values should be train, val and test, or words like them. Choose it only for a given division.",
}
TAG_HELP: dict[Role, str] = {
    "label": "Every different value of this tag becomes a class. Choose one with few values that mean something.",
    "patient": "Files with the same value belong together, and stay in one split. PatientID is the usual one.",
    "split": "",
}
PATTERN_HELP = (
    "Says how the file names are made: {label}, {patient} and {split} stand for the parts that are read, # for a"
    " number, * for anything else. It is compared with the name without folder and ending; write a / to compare the"
    " folders too. Change it until every name on the right shows the right parts."
)
PLANES_HELP = (
    "Says what becomes of a file that holds several images: a volume, a series of frames, a stack. Choose the middle"
    " one when neighbouring images show nearly the same; all images of a file stay in one split either way."
)
AXIS_HELP = (
    "Says in which direction a NIfTI volume is cut into images. Change it to the view that your question is usually"
    " read in."
)
NAMES_HELP = (
    "Keeps the file names as they are. File names often hold a patient's name, number or date. Without this, Lightbox"
    " numbers the images and keeps only plain names such as image_12."
)
NAMES_WARNING = (
    "File names will be stored, shown and exported as they are. Keep this off if a name could say who a patient is."
)
PATIENTS_HELP = (
    "Keeps the patient ids as they are. Without this, Lightbox keeps a code made from each id, from which the id"
    " cannot be read, and which still keeps a patient's images together."
)
PATIENTS_WARNING = (
    "Patient ids will be stored, shown and exported as they are. Keep this off unless they are codes already."
)
CLASSES_KEPT = (
    ":material/warning: The names of classes are kept, shown and exported as they stand. Look at the preview for any"
    " that could say who somebody is."
)
"""Beside folders, a column or a pattern that say the class."""
FREE_TEXT_WARNING = (
    "People type free text into this tag, sometimes the name of a patient. Every value becomes the name of a class, and"
    " these names are kept, shown and exported as they stand. The preview shows a sample; rarer values may hold more."
)
"""Beside such a tag that is the class."""
