"""Networks: one architecture a file, a registry, saving and loading.

May import: images, store, figures, specs, files, settings, errors. Promises: planning never imports Keras; a plan
equals the model that is built; the same seed gives the same initial weights; a file is whole or not there.
"""

from core.models.registry import ARCHITECTURES, Architecture, build, plan
from core.models.saving import MODEL_FILE, load, save

__all__ = ["ARCHITECTURES", "MODEL_FILE", "Architecture", "build", "load", "plan", "save"]
