"""Nested states as JSON and arrays, and back: the same types and the same bits, and nothing in them
can be executed.

What JSON has is written as it is. Everything else becomes an object with one name that begins with
``$``: a tuple ``{"$tuple": [...]}``, NaN ``{"$float": "nan"}``, a tensor the name of its array.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.core.variable import Array, Variable, make
from autograd.errors import DTypeError

Arrays = dict[str, Array]

_MAPPINGS = {f"${kind.__name__}": kind for kind in (dict, OrderedDict, Counter)}
_ARRAYS: dict[str, Callable[[Array], Any]] = {
    "$tensor": make,
    "$array": np.asarray,
    "$number": lambda array: array[()],
}


def to_json(value: Any, name: str, arrays: Arrays) -> Any:
    """``value`` for a JSON file; its arrays are put into ``arrays``, under names that begin with
    ``name``. Raises DTypeError for what is no number, string, None, tensor or array, nor a list,
    tuple or dict of such."""
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"$float": repr(value)}
    if kind is list:
        return _entries_to_json(value, name, arrays)
    if kind is tuple:
        return {"$tuple": _entries_to_json(value, name, arrays)}
    if kind in _MAPPINGS.values():
        return _mapping_to_json(value, name, arrays)
    if isinstance(value, Variable):
        return {"$tensor": _store(value._array, name, arrays)}
    if kind is np.ndarray or isinstance(value, np.generic):
        tag = "$array" if kind is np.ndarray else "$number"
        return {tag: _store(np.asarray(value), name, arrays)}
    raise DTypeError(
        f"Checkpoint: {name} is a {kind.__name__}; a state may hold numbers, strings, None, "
        "tensors and arrays, and lists, tuples and dicts of such"
    )


def _entries_to_json(values: Any, name: str, arrays: Arrays) -> list[Any]:
    return [to_json(value, f"{name}.{i}", arrays) for i, value in enumerate(values)]


def _mapping_to_json(value: Any, name: str, arrays: Arrays) -> dict[str, Any]:
    entries = [(key, to_json(entry, f"{name}.{key}", arrays)) for key, entry in value.items()]
    if type(value) is dict and all(type(key) is str and key[:1] != "$" for key in value):
        return dict(entries)
    pairs = [[to_json(key, f"a key of {name}", arrays), entry] for key, entry in entries]
    # A module's state dict tells by this which version of each class it is from.
    metadata = to_json(getattr(value, "_metadata", None), f"{name}._metadata", arrays)
    return {f"${type(value).__name__}": pairs, "metadata": metadata}


def _store(array: Array, name: str, arrays: Arrays) -> str:
    """Put ``array`` into ``arrays`` by ``name``, or another if it is taken."""
    unique, i = name, 1
    while unique in arrays:
        unique, i = f"{name}#{i}", i + 1
    # Files have one byte order, and are compared with what was saved.
    arrays[unique] = array.astype(array.dtype.newbyteorder("="), copy=False)
    return unique


def from_json(value: Any, arrays: Arrays) -> Any:
    """The value of which `to_json` has made ``value`` and ``arrays``."""
    if isinstance(value, list):
        return [from_json(entry, arrays) for entry in value]
    if not isinstance(value, dict):
        return value
    tag: str = next(iter(value), "")
    content: Any = value.get(tag)
    if tag in _ARRAYS:
        return _ARRAYS[tag](arrays[content])
    if tag in _MAPPINGS:
        return _mapping_from_json(_MAPPINGS[tag], value, content, arrays)
    if tag == "$tuple":
        return tuple(from_json(content, arrays))
    if tag == "$float":
        return float(content)
    return {key: from_json(entry, arrays) for key, entry in value.items()}


def _mapping_from_json(kind: Any, value: Any, content: Any, arrays: Arrays) -> Any:
    mapping = kind()
    mapping.update({from_json(key, arrays): from_json(entry, arrays) for key, entry in content})
    if value["metadata"] is not None:
        mapping._metadata = from_json(value["metadata"], arrays)
    return mapping
