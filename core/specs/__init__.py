"""The nouns of Lightbox: frozen pydantic models, one row for every tunable number. No I/O.

May import: errors. Promises: every config is complete and checked at birth, unknown keys are refused.
"""

from core.specs.augmentation import Augmentation
from core.specs.base import Knob, Spec, knob, knobs
from core.specs.dataset import Change, DatasetCard, DatasetState, DroppedTag, Finding, Severity, SplitConfig
from core.specs.defaults import default_recipe
from core.specs.edits import (
    DrawSplit,
    Edit,
    Edits,
    Exclude,
    Merge,
    PatientsFromNames,
    Place,
    Relabel,
    RenameClass,
    Sample,
    SettleCopies,
)
from core.specs.labelling import (
    FREE_TEXT_TAGS,
    GROUP_TAGS,
    ColumnLook,
    LabelledRow,
    Labelling,
    LabellingPreview,
    Origin,
    OriginKind,
    SourceLook,
    TableLook,
    TagLook,
    Told,
)
from core.specs.model import CnnConfig
from core.specs.network import LayerRow, NetworkPlan
from core.specs.recipe import STEPS, Recipe, Step
from core.specs.report import Answer, ClassRow, Figure, Mistake, Report
from core.specs.run import (
    DeviceFacts,
    JobKind,
    JobState,
    Point,
    PointKind,
    Progress,
    RunConfig,
    RunSummary,
)
from core.specs.steps import Clahe, Colour, CropBox, CropCentre, Denoise, Equalize, IntensityRange, Resize, Rotate
from core.specs.task import Split, Task
from core.specs.training import TrainingConfig
from core.specs.window import PRESET_SOURCE, PRESETS, Preset, Window

__all__ = [
    "FREE_TEXT_TAGS",
    "GROUP_TAGS",
    "PRESETS",
    "PRESET_SOURCE",
    "STEPS",
    "Answer",
    "Augmentation",
    "Change",
    "Clahe",
    "ClassRow",
    "CnnConfig",
    "Colour",
    "ColumnLook",
    "CropBox",
    "CropCentre",
    "DatasetCard",
    "DatasetState",
    "Denoise",
    "DeviceFacts",
    "DrawSplit",
    "DroppedTag",
    "Edit",
    "Edits",
    "Equalize",
    "Exclude",
    "Figure",
    "Finding",
    "IntensityRange",
    "JobKind",
    "JobState",
    "Knob",
    "LabelledRow",
    "Labelling",
    "LabellingPreview",
    "LayerRow",
    "Merge",
    "Mistake",
    "NetworkPlan",
    "Origin",
    "OriginKind",
    "PatientsFromNames",
    "Place",
    "Point",
    "PointKind",
    "Preset",
    "Progress",
    "Recipe",
    "Relabel",
    "RenameClass",
    "Report",
    "Resize",
    "Rotate",
    "RunConfig",
    "RunSummary",
    "Sample",
    "SettleCopies",
    "Severity",
    "SourceLook",
    "Spec",
    "Split",
    "SplitConfig",
    "Step",
    "TableLook",
    "TagLook",
    "Task",
    "Told",
    "TrainingConfig",
    "Window",
    "default_recipe",
    "knob",
    "knobs",
]
