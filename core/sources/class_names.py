"""What the classes of a fetched public set are called: its NPZ numbers them only, its publisher names them.

The names are those of MedMNIST's own list (medmnist/info.py of version 3), in the order of the numbers.
"""

from __future__ import annotations

import json
from pathlib import Path

from core.files import write_file
from core.settings import Settings

_ORGANS = (
    "bladder", "femur-left", "femur-right", "heart", "kidney-left", "kidney-right", "liver", "lung-left", "lung-right",
    "pancreas", "spleen",
)  # fmt: skip
_NAMES: dict[str, tuple[str, ...]] = {
    "pathmnist": (
        "adipose", "background", "debris", "lymphocytes", "mucus", "smooth muscle", "normal colon mucosa",
        "cancer-associated stroma", "colorectal adenocarcinoma epithelium",
    ),
    "dermamnist": (
        "actinic keratoses and intraepithelial carcinoma", "basal cell carcinoma", "benign keratosis-like lesions",
        "dermatofibroma", "melanoma", "melanocytic nevi", "vascular lesions",
    ),
    "octmnist": ("choroidal neovascularization", "diabetic macular edema", "drusen", "normal"),
    "pneumoniamnist": ("normal", "pneumonia"),
    "retinamnist": ("grade 0", "grade 1", "grade 2", "grade 3", "grade 4"),
    "breastmnist": ("malignant", "normal, benign"),
    "bloodmnist": (
        "basophil", "eosinophil", "erythroblast",
        "immature granulocytes (myelocytes, metamyelocytes and promyelocytes)", "lymphocyte", "monocyte",
        "neutrophil", "platelet",
    ),
    "tissuemnist": (
        "Collecting Duct, Connecting Tubule", "Distal Convoluted Tubule", "Glomerular endothelial cells",
        "Interstitial endothelial cells", "Leukocytes", "Podocytes", "Proximal Tubule Segments",
        "Thick Ascending Limb",
    ),
    "organamnist": _ORGANS,
    "organcmnist": _ORGANS,
    "organsmnist": _ORGANS,
}  # fmt: skip


def published_names(key: str) -> tuple[str, ...]:
    """The class names of a public set by its key, whatever the size in it; empty where they are not known."""
    return _NAMES.get(key.partition("_")[0], ())


def keep_names(source: Path, key: str) -> None:
    """Write the class names of a public set beside its file."""
    write_file(_beside(source), json.dumps(published_names(key)))


def kept_names(source: Path, settings: Settings) -> tuple[str, ...]:
    """What `keep_names` has written beside a file among the uploads; a file from elsewhere names nothing."""
    if source.parent != settings.uploads_dir or not _beside(source).is_file():
        return ()
    return tuple(json.loads(_beside(source).read_bytes()))


def forget_names(source: Path) -> None:
    """Delete what `keep_names` has written."""
    _beside(source).unlink(missing_ok=True)


def _beside(source: Path) -> Path:
    return source.with_suffix(".classes.json")
