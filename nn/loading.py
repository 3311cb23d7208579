"""Copying saved values into a module, after checking that all of them fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np

from autograd.core.variable import Variable, make, version_of
from autograd.errors import AutogradError, DTypeError


class LoadResult(NamedTuple):
    """What `Module.load_state_dict` did not match."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return (
            f"LoadResult(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"
        )


def near(name: str, names: Collection[str]) -> str:
    """``; did you mean ...?`` if one of ``names`` resembles ``name``."""
    from difflib import get_close_matches  # here, for only errors need it

    found = get_close_matches(name, names, 1)
    return f"; did you mean {found[0]!r}?" if found else ""


def load(
    name: str, current: Mapping[str, Any], saved: Mapping[str, Any], strict: bool, assign: bool
) -> LoadResult:
    """Copy the values of ``saved`` into the tensors of ``current``, those of the module called
    ``name``."""
    if not isinstance(saved, Mapping):
        raise DTypeError(
            f"load_state_dict: needs a dict of tensors by name, got {type(saved).__name__}"
        )
    missing = [key for key in current if key not in saved]
    unexpected = [key for key in saved if key not in current]
    arrays = {key: as_array(key, saved[key]) for key in current if key in saved}
    problems = [
        f"size mismatch for {key}: {array.shape} in the state dict, but {current[key].shape} in "
        "the module"
        for key, array in arrays.items()
        if array.shape != current[key].shape
    ]
    if strict:
        problems += [f"Missing key: {key}{near(key, unexpected)}" for key in missing]
        problems += [
            f"Unexpected key: {key}{near(key, missing or list(current))}" for key in unexpected
        ]
    if problems:
        lines = "".join(f"\n  {problem}" for problem in problems)
        remedy = (
            "\npass strict=False to load what matches" if strict and (missing or unexpected) else ""
        )
        raise AutogradError(f"load_state_dict: the state dict does not fit {name}:{lines}{remedy}")
    for key, array in arrays.items():
        if assign:
            current[key].data = make(array)
        else:
            np.copyto(current[key]._array, array, casting="unsafe")
            version_of(current[key]).bump()
    return LoadResult(missing, unexpected)


def as_array(key: str, value: Any) -> Any:
    """``value``, a tensor of this library or another, or an array, as an array."""
    if isinstance(value, Variable):
        return value._array
    try:
        array = np.asarray(value.detach() if hasattr(value, "detach") else value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise DTypeError(f"load_state_dict: {key} can't be read as an array: {error}") from error
    if array.dtype.kind not in "biufc":
        raise DTypeError(f"load_state_dict: {key} is a {type(value).__name__}; it must be a tensor")
    return array
