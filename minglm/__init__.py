"""minglm: generalized linear models of neural data, small enough to read.

    import minglm as nmo

    X = nmo.basis.RaisedCosineLogConv(8, window_size=100).compute_features(counts)
    glm = nmo.glm.GLM().fit(X, counts)
    glm.score(X, counts)

Each module is imported when it is first named, so this line alone costs nothing.
"""

import importlib

MODULES = ["basis", "convolve", "glm", "inference", "links", "metrics", "model_selection", "nodes"]
MODULES += ["observation_models", "plotting", "regularizer", "simulation", "storage"]
MODULES += ["understanding"]
NAMES = {"load_model": "glm"}  # names NeMoS also has at the top


def __getattr__(name):
    if name in MODULES:
        return importlib.import_module(f"minglm.{name}")
    if name in NAMES:
        return getattr(importlib.import_module(f"minglm.{NAMES[name]}"), name)
    raise AttributeError(f"module 'minglm' has no attribute {name!r}")


def __dir__():
    return sorted([*MODULES, *NAMES])
