"""What all losses share: the reduction, and the refusal of shapes that do not belong together."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from autograd.core.variable import array_of
from autograd.errors import DTypeError, ShapeError
from autograd.ops.reduction import mean, sum

REDUCTIONS: dict[str, Callable[[Any], Any]] = {"mean": mean, "sum": sum, "none": lambda loss: loss}


def reduced(loss: Any, reduction: str) -> Any:
    """The mean or the sum of ``loss``, or itself."""
    return REDUCTIONS[reduction](loss)


def check_reduction(name: str, reduction: Any, *more: str) -> None:
    """Raise ShapeError unless ``reduction`` is one of the three, or of the names after it."""
    if reduction not in REDUCTIONS and reduction not in more:
        also = "".join(f", or {each!r}" for each in more)
        raise ShapeError(
            f"{name}: reduction must be 'mean', 'sum' or 'none'{also}, got {reduction!r}"
        )


def reduction_of(name: str, size_average: Any, reduce: Any, reduction: str, *more: str) -> str:
    """``reduction``, checked; or what the two flags say that it has replaced, with a warning."""
    if size_average is None and reduce is None:
        check_reduction(name, reduction, *more)
        return reduction
    return from_flags(name, size_average, reduce)


def from_flags(name: str, size_average: Any, reduce: Any) -> str:
    """The reduction that the two flags say, each of which is on by default; and a warning.

    Raises DTypeError unless they are bools: a reduction passed by position ends up in them.
    """
    for flag, value in (("size_average", size_average), ("reduce", reduce)):
        if not isinstance(value, (bool, int, type(None))):
            raise DTypeError(
                f"{name}: {flag} must be a bool, got {value!r}; pass the reduction by its name: "
                f"reduction={value!r}"
            )
    reduction = "none" if reduce in (False, 0) else "sum" if size_average in (False, 0) else "mean"
    warnings.warn(
        f"{name}: size_average and reduce are deprecated; pass reduction={reduction!r}",
        stacklevel=4,
    )
    return reduction


def check_same_shape(
    name: str, x: Any, target: Any, names: tuple[str, str] = ("x", "target")
) -> None:
    """Raise ShapeError unless both have one shape: broadcasting would compare every element with
    every other."""
    shape, wanted = array_of(x).shape, array_of(target).shape
    if shape != wanted:
        first, second = names
        raise ShapeError(
            f"{name}: {first} has shape {shape} but {second} {wanted}; they must be equal, for "
            "broadcasting would compare each element with several. Reshape one: "
            f"{second}.reshape({first}.shape), or expand it on purpose: "
            f"{second}.expand_as({first})"
        )


def check_same_dims(name: str, **tensors: Any) -> None:
    """Raise ShapeError unless all have as many dims: ``(n, 1)`` and ``(n,)`` would broadcast to
    ``(n, n)``."""
    shapes = {key: array_of(tensor).shape for key, tensor in tensors.items()}
    if len({len(shape) for shape in shapes.values()}) > 1:
        found = ", ".join(f"{key} {shape}" for key, shape in shapes.items())
        raise ShapeError(
            f"{name}: all tensors must have the same number of dims, got {found}; reshape those "
            "that have fewer, as by unsqueeze"
        )


def check_broadcast(name: str, **tensors: Any) -> None:
    """As `check_same_dims`; raise ShapeError also where two sizes differ and neither is 1."""
    check_same_dims(name, **tensors)
    shapes = {key: array_of(tensor).shape for key, tensor in tensors.items()}
    if any(len({*sizes} - {1}) > 1 for sizes in zip(*shapes.values())):
        found = ", ".join(f"{key} {shape}" for key, shape in shapes.items())
        raise ShapeError(f"{name}: in each dim, the sizes must be equal or 1, got {found}")


def check_classes(name: str, classes: Any, count: int, lowest: int = 0) -> None:
    """Raise DTypeError unless ``classes`` is an int64 array, ShapeError if a class isn't there."""
    if classes.dtype != "int64":
        raise DTypeError(
            f"{name}: target must hold classes as int64, got {classes.dtype}; convert: "
            "target.long()"
        )
    if classes.size and (classes.min() < lowest or classes.max() >= count):
        wrong = classes.min() if classes.min() < lowest else classes.max()
        raise ShapeError(
            f"{name}: target holds class {wrong}, but x has {count} classes, 0 to {count - 1}"
        )
