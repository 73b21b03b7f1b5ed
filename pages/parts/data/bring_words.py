"""The words of the ways in: what a data set looks like inside, with an example of each kind."""

from __future__ import annotations

INTRODUCTION = (
    "Lightbox learns to tell **classes** apart: the groups that your images are sorted into, such as *healthy* and"
    " *infected*. Bring in images of which the class is written somewhere: in folders, in a table, in their headers or"
    " in their names. Or begin with the practice data."
)
PRACTICE = (
    "600 small images of cells as under a microscope: round cells, spindle cells, cells with a lobed nucleus. Lightbox"
    " draws them itself, in a few seconds. They are **synthetic**: good for learning how this works, and nothing else."
)
FORMATS = (
    "Images may be PNG, JPEG, TIFF, BMP, WebP, DICOM or NIfTI. Names, dates and whatever else the files say of people"
    " are dropped at import, and what you upload is deleted when it is over."
)
EXAMPLES: dict[str, tuple[str, str, str]] = {
    "Class folders": (
        "A folder for each class, named as the class, with its images inside.",
        """cells.zip
├─ healthy/
│   ├─ 001.png
│   └─ 002.png
└─ infected/
    ├─ 003.png
    └─ 004.png""",
        "Folders called train, val and test above them are kept as the split that comes with the data.",
    ),
    "A table": (
        "Images, and beside them a table (CSV, TSV or XLSX) with a row for each: its name, its class, its patient.",
        """chests.zip
├─ findings.csv
├─ scan1.dcm
├─ scan2.dcm
└─ scan3.dcm

findings.csv:
image  finding    patient
scan1  pneumonia  p17
scan2  normal     p18
scan3  pneumonia  p17""",
        "You choose the columns in the next step. Names match with or without folder and ending.",
    ),
    "Names or headers": (
        "Loose images whose file names, or whose DICOM headers, say what they show.",
        """upload
├─ p17_left_pneumonia.png
├─ p17_right_pneumonia.png
└─ p18_left_normal.png""",
        "You say in the next step which part of the name, or which tag of the header, is the class.",
    ),
    "NPZ": (
        "Arrays saved with NumPy, grey or colour, under the names that the MedMNIST collection uses.",
        """cells.npz
├─ train_images, train_labels
├─ val_images,   val_labels
└─ test_images,  test_labels""",
        "Its training, validation and test parts are kept as the split that comes with the data.",
    ),
}
