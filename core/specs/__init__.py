"""The nouns of Lightbox: frozen pydantic models, one row for every tunable number. No I/O.

May import: errors. Promises: every config is complete and checked at birth, unknown keys are refused.
"""

from core.specs.augmentation import Augmentation
from core.specs.base import Knob, Spec, knob, knobs
from core.specs.dataset import DatasetCard, DatasetState, Finding, Severity, SplitConfig
from core.specs.defaults import default_recipe
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

__all__ = [
    "STEPS",
    "Answer",
    "Augmentation",
    "Clahe",
    "ClassRow",
    "CnnConfig",
    "Colour",
    "CropBox",
    "CropCentre",
    "DatasetCard",
    "DatasetState",
    "Denoise",
    "DeviceFacts",
    "Equalize",
    "Figure",
    "Finding",
    "IntensityRange",
    "JobKind",
    "JobState",
    "Knob",
    "LayerRow",
    "Mistake",
    "NetworkPlan",
    "Point",
    "PointKind",
    "Progress",
    "Recipe",
    "Report",
    "Resize",
    "Rotate",
    "RunConfig",
    "RunSummary",
    "Severity",
    "Spec",
    "Split",
    "SplitConfig",
    "Step",
    "Task",
    "TrainingConfig",
    "default_recipe",
    "knob",
    "knobs",
]
