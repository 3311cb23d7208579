"""How a tensor prints: its numbers as PyTorch shows them, then whatever is not the default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd.dtypes import bool_, complex64, complex128, float64, get_default_dtype, int64
from autograd.errors import ShapeError


class PrintOptions(NamedTuple):
    """How tensors print; see `set_printoptions`."""

    precision: int = 4
    threshold: int = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


_PROFILES = {
    "default": PrintOptions(),
    "short": PrintOptions(precision=2, edgeitems=2),
    "full": PrintOptions(threshold=2**63),
}
_options = PrintOptions()


def set_printoptions(
    precision: int | None = None,
    threshold: int | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Choose how all tensors print: what is not given stays as it is, except ``sci_mode``.

    ``precision``: digits after the point. Tensors of more than ``threshold`` elements show only
    ``edgeitems`` at each end of each dim. ``linewidth``: characters in a line. ``sci_mode`` forces
    scientific notation on or off; None decides by the values. ``profile``: "default", "short" or
    "full", which the other arguments then change. Raises ShapeError for another one.
    """
    global _options
    if profile is not None and profile not in _PROFILES:
        raise ShapeError(
            f"set_printoptions: profile must be one of {', '.join(_PROFILES)}, got {profile!r}"
        )
    given = {
        "precision": precision,
        "threshold": threshold,
        "edgeitems": edgeitems,
        "linewidth": linewidth,
    }
    base = _options if profile is None else _PROFILES[profile]
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    _options = base._replace(sci_mode=sci_mode, **changes)


def get_printoptions() -> PrintOptions:
    """The options in force."""
    return _options


def format_tensor(tensor: Any) -> str:
    """``tensor([1., 2.], dtype=float64, requires_grad=True)``; a Parameter has a heading.

    The dtype is left out where it is the one that Python's own numbers get.
    """
    heading = "Parameter containing:\n" if type(tensor).__name__ == "Parameter" else ""
    text = "tensor(" + format_array(tensor._array, indent=len("tensor("))
    return heading + _append(text, _attributes(tensor)) + ")"


def _attributes(tensor: Any) -> list[str]:
    """What a reader could not tell from the numbers."""
    array = tensor._array
    found = []
    default = get_default_dtype()
    obvious = (
        {default}
        if array.size == 0
        else {default, int64, bool_, complex128 if default == float64 else complex64}
    )
    if array.size == 0 and array.ndim != 1:
        found.append(f"size={array.shape}")
    if array.dtype not in obvious:
        found.append(f"dtype={array.dtype}")
    if tensor.grad_fn is not None:
        found.append(f"grad_fn=<{tensor.grad_fn.name}>")
    elif tensor.requires_grad:
        found.append("requires_grad=True")
    return found


def _append(text: str, attributes: list[str]) -> str:
    """``text`` and ``attributes``, on a new line where they don't fit."""
    for attribute in attributes:
        used = len(text) - text.rfind("\n") - 1
        fits = used + len(attribute) + 3 <= _options.linewidth
        text += (", " if fits else ",\n" + " " * len("tensor(")) + attribute
    return text


def format_array(array: Any, indent: int = 0) -> str:
    """The numbers of ``array`` in nested brackets, its lines after the first indented."""
    if array.size == 0:
        return "[]"
    summarized = array.size > _options.threshold
    number, width = _style(_ends(array) if summarized else array)
    return _nested(array, number, width, indent, summarized)


def _nested(
    array: Any, number: Callable[[Any], str], width: int, indent: int, summarized: bool
) -> str:
    if array.ndim == 0:
        return number(array[()]).strip()
    edge = _options.edgeitems
    elided = summarized and len(array) > 2 * edge
    kept = [*array[:edge], *array[len(array) - edge :]] if elided else list(array)
    if array.ndim == 1:
        items, between = [number(value) for value in kept], ""
    else:
        items = [_nested(row, number, width, indent + 1, summarized) for row in kept]
        between = "," + "\n" * (array.ndim - 1) + " " * (indent + 1)
    if elided:
        items.insert(edge, " ..." if array.ndim == 1 else "...")
    return "[" + (between.join(items) if between else _wrapped(items, width, indent)) + "]"


def _wrapped(items: list[str], width: int, indent: int) -> str:
    """Numbers in lines of equal count."""
    count = max(1, (_options.linewidth - indent) // (width + 2))
    lines = [", ".join(items[i : i + count]) for i in range(0, len(items), count)]
    return (",\n" + " " * (indent + 1)).join(lines)


def _ends(array: Any) -> Any:
    """Only those elements that a summary shows."""
    edge = _options.edgeitems
    kept = [np.arange(n) if n <= 2 * edge else np.r_[:edge, n - edge : n] for n in array.shape]
    return array[np.ix_(*kept)]


def _style(array: Any) -> tuple[Callable[[Any], str], int]:
    """A function that writes a number, such that all of ``array`` line up, and their width."""
    if array.dtype.kind == "f":
        return _floating_style(array)
    if array.dtype.kind != "c":
        width = max(len(str(value)) for value in array.ravel().tolist())
        return (lambda value: str(value).rjust(width)), width
    real, real_width = _floating_style(array.real)
    imaginary, imaginary_width = _floating_style(array.imag)

    def number(value: Any) -> str:
        second = imaginary(value.imag).strip()
        return real(value.real) + ("" if second.startswith("-") else "+") + second + "j"

    return number, real_width + imaginary_width + 1


def _floating_style(array: Any) -> tuple[Callable[[Any], str], int]:
    values = array[np.isfinite(array) & (array != 0)].astype(float64)
    if values.size == 0:
        return _floating("1." if _options.sci_mode is not True else "e", 1)
    sizes = np.abs(values)
    low, high = sizes.min(), sizes.max()
    whole = bool(np.all(values == np.ceil(values)))
    scientific = bool(high / low > 1000 or high > 1e8 or (low < 1e-4 and not whole))
    if _options.sci_mode is not None:
        scientific = _options.sci_mode
    kind = "e" if scientific else "1." if whole else "f"
    number, _ = _floating(kind, 0)
    return _floating(kind, max(len(number(value)) for value in values))


def _floating(kind: str, width: int) -> tuple[Callable[[Any], str], int]:
    """How to write a floating number: "e" scientifically, "f" with all digits, "1." without any."""
    spec = ".0f" if kind == "1." else f".{_options.precision}{kind}"

    def number(value: Any) -> str:
        point = "." if kind == "1." and np.isfinite(value) else ""
        return (format(float(value), spec) + point).rjust(width)

    return number, width
