"""Containers that JAX can look into: frozen dataclasses registered as pytrees.

    @node
    class Line:
        slope: jax.Array                # traced: another slope compiles nothing
        name: str = static("line")      # part of the program: another name compiles anew

They are registered one by one with ``register_pytree_node``, each class its own tree structure.
(With ``register_dataclass``, JAX 0.10.0-0.10.2 takes look-alike classes for equal and may run the
program compiled for another one.)
"""

from dataclasses import MISSING, dataclass, field, fields
from typing import dataclass_transform

import jax


def static(default=MISSING):
    """A field that is hashed into the compiled program instead of traced."""
    return field(default=default, metadata={"static": True})


@dataclass_transform(frozen_default=True, field_specifiers=(static,))
def node(cls):
    """Make ``cls`` a frozen dataclass and a pytree."""
    cls = dataclass(frozen=True)(cls)
    traced = [f.name for f in fields(cls) if "static" not in f.metadata]
    fixed = [f.name for f in fields(cls) if "static" in f.metadata]

    def flatten(self):
        return [getattr(self, n) for n in traced], tuple(getattr(self, n) for n in fixed)

    def unflatten(constants, leaves):
        self = object.__new__(cls)
        self.__dict__.update(zip(fixed, constants, strict=True))
        self.__dict__.update(zip(traced, leaves, strict=True))
        return self

    jax.tree_util.register_pytree_node(cls, flatten, unflatten)
    cls.tree_node = True
    return cls
