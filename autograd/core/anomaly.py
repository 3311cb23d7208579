"""What `detect_anomaly` checks: every recorded output, and every gradient, for NaN and infinity."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from autograd.errors import AnomalyError

_PACKAGE = os.path.dirname(os.path.dirname(__file__)) + os.sep


def check_output(node: Any, out: Any) -> None:
    """Note in ``node`` where the user's code made it; raise AnomalyError if ``out`` is not
    finite."""
    node.place = _users_line()
    for array in out if type(out) is tuple else (out,):
        if not np.all(np.isfinite(array)):
            raise AnomalyError(
                f"{node.name}: its output {_statistics(array)}; recorded at {node.place}"
            )


def check_gradients(node: Any, gradients: Iterable[Any]) -> Iterator[Any]:
    """``gradients``, those that ``node`` computed; raise AnomalyError if one is not finite."""
    for gradient in gradients:
        array = getattr(gradient, "_array", gradient)
        if array is not None and not np.all(np.isfinite(array)):
            place = getattr(node, "place", "a line outside detect_anomaly")
            raise AnomalyError(
                f"backward: a gradient from {node.name} {_statistics(array)}; recorded at {place}"
            )
        yield gradient


def _statistics(array: Any) -> str:
    nans, infinities = int(np.sum(np.isnan(array))), int(np.sum(np.isinf(array)))
    counts = f"{nans} NaN and {infinities} infinite of {array.size} values"
    return f"({array.dtype} {array.shape}) has {counts}"


def _users_line() -> str:
    """The innermost line of the program that lies outside this package."""
    frame = sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}, in {frame.f_code.co_name}"
