"""What `detect_anomaly` checks: every recorded output, and every gradient, for NaN and infinity."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from autograd.errors import AnomalyError

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
_PACKAGES = tuple(os.path.join(_ROOT, name) + os.sep for name in ("autograd", "nn", "optim"))


class Place(NamedTuple):
    """Where an operation was recorded."""

    line: str  # the innermost of the program, outside of this library
    modules: Sequence[Any]  # those that were being called, the outermost first


def check_output(node: Any, out: Any, arrays: Sequence[Any]) -> None:
    """Note in ``node`` where the program made it, of ``arrays``; raise AnomalyError if ``out`` is
    not finite."""
    node.place = _place(sys._getframe(1))
    for array in out if type(out) is tuple else (out,):
        if not _is_finite(array):
            names = zip(node.plan.primitive.arguments, arrays)
            before = [f"its {name} {_statistics(x)}" for name, x in names if not _is_finite(x)]
            raise AnomalyError(
                f"{node.name}: its output {_statistics(array)}; recorded at {node.place.line}"
                + "".join(f"; already {described}" for described in before)
            )


def check_gradients(node: Any, gradients: Iterable[Any]) -> Iterator[Any]:
    """``gradients``, those that ``node`` computed; raise AnomalyError if one is not finite."""
    for gradient in gradients:
        if gradient is not None and not _is_finite(gradient):
            place = getattr(node, "place", Place("a line outside detect_anomaly", ()))
            error = AnomalyError(
                f"backward: a gradient from {node.name} {_statistics(gradient)}; recorded at "
                f"{place.line}"
            )
            # As the modules themselves say it of errors in the forward pass.
            if place.modules:
                error.add_note(f"  in {_path(place.modules)}")
            raise error
        yield gradient


def check_leaf(gradient: Any) -> None:
    """Raise AnomalyError if ``gradient``, all of what has come for a leaf, is not finite."""
    if not _is_finite(gradient):
        raise AnomalyError(
            f"backward: the gradient of a leaf {_statistics(gradient)}; a sum overflows, or a hook "
            "has returned it"
        )


def _is_finite(value: Any) -> bool:
    array = getattr(value, "_array", value)
    if not hasattr(array, "dtype") or array.dtype.kind not in "fc":
        return True
    return bool(np.all(np.isfinite(array)))


def _statistics(value: Any) -> str:
    array = np.asarray(getattr(value, "_array", value))
    nans, infinities = int(np.sum(np.isnan(array))), int(np.sum(np.isinf(array)))
    counts = f"{nans} NaN and {infinities} infinite of {array.size} values"
    rest = array[np.isfinite(array)]
    if rest.size and array.dtype.kind == "f":
        counts += f", the others from {rest.min():.4g} to {rest.max():.4g}"
    return f"({array.dtype} {array.shape}) has {counts}"


def _place(frame: FrameType | None) -> Place:
    """Where the program is, as seen from ``frame``."""
    line, modules = "", []
    while frame is not None:
        code = frame.f_code
        if not line and (frame.f_back is None or not code.co_filename.startswith(_PACKAGES)):
            line = f"{code.co_filename}:{frame.f_lineno}, in {code.co_name}"
        # nn lies above this package: a module is known by the method that calls its forward.
        if code.co_qualname == "Hooked.__call__":
            modules.append(frame.f_locals["self"])
        frame = frame.f_back
    return Place(line, modules[::-1])


def _path(modules: Sequence[Any]) -> str:
    """``Net.encoder.2 (Dense)``: the innermost of ``modules``, by the names that they have for each
    other."""
    path = kind = type(modules[0]).__name__
    for caller, called in pairwise(modules):
        kind = type(called).__name__
        names = (name for name, module in caller.named_modules() if module is called)
        name = next(names, None)
        path = kind if name is None else f"{path}.{name}"
    return path if path == kind else f"{path} ({kind})"
