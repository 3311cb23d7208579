"""Sliding windows over the last dims of an array: where they lie, a view of them, and `unfold` and
`fold`.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of
from autograd.errors import ShapeError
from autograd.ops.places import grid, steps_of

Sizes = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]
F = TypeVar("F", bound=Callable[..., Any])


def remembered(function: F) -> F:
    """``function`` of a few integers with its latest results: a layer asks for the same at every
    step, and for small images computing it takes longer than pooling them.
    """
    return functools.lru_cache(function)  # type: ignore[return-value]  # it is called alike


class Windows(NamedTuple):
    """Windows that lie evenly over an array and cover its padded length exactly.

    All have one entry for each dim. ``padding`` has pairs (before, after); a negative one cuts off
    what no window reaches, so that the size of the array follows from the number of windows.
    """

    kernel: Sizes
    stride: Sizes
    padding: Pairs
    dilation: Sizes

    @classmethod
    @remembered
    def over(
        cls,
        operation: str,
        size: Sizes,
        kernel: Sizes,
        stride: Sizes,
        padding: Pairs,
        dilation: Sizes,
        ceil_mode: bool = False,
    ) -> Windows:
        """The windows that fit into an array of ``size``. With ``ceil_mode`` the last may reach
        beyond its end.

        Raises ShapeError if none fits.
        """
        exact = []
        for n, k, s, (before, after), d in zip(size, kernel, stride, padding, dilation):
            span, length = d * (k - 1) + 1, n + before + after
            count = (length - span) // s + 1
            # As in PyTorch, a window that would begin in the padding after the end is left out.
            if ceil_mode and (length - span) % s and count * s < n + before:
                count += 1
            if count < 1:
                raise ShapeError(
                    f"{operation}: a window spans {span} elements (kernel {k}, dilation {d}) but "
                    f"the input has only {length} with its "
                    "padding; use a smaller kernel, a larger input or more padding"
                )
            exact.append((before, (count - 1) * s + span - n - before))
        return cls(kernel, stride, tuple(exact), dilation)

    @property
    def span(self) -> Sizes:
        """How many elements a window reaches over, gaps included."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation))

    @property
    def dims(self) -> int:
        """The number of dims that the windows slide along."""
        return len(self.kernel)

    @property
    @remembered
    def lines(self) -> tuple[Windows, ...]:
        """The windows along each dim, 1 wide in the others, in an array that is padded already."""
        no_padding, ones = ((0, 0),) * self.dims, (1,) * self.dims
        sizes = ((_only(self.kernel, dim), _only(self.stride, dim)) for dim in range(self.dims))
        return tuple(Windows(kernel, stride, no_padding, ones) for kernel, stride in sizes)

    @remembered
    def counts(self, size: Sizes) -> Sizes:
        """How many windows an array of ``size`` has."""
        padded = (n + before + after for n, (before, after) in zip(size, self.padding))
        return tuple((n - span) // s + 1 for n, span, s in zip(padded, self.span, self.stride))

    @remembered
    def size_padded(self, counts: Sizes) -> Sizes:
        """The size of an array that has so many windows, with its padding."""
        reach = zip(counts, self.stride, self.span)
        return tuple((count - 1) * s + span for count, s, span in reach)

    @remembered
    def size(self, counts: Sizes) -> Sizes:
        """The size of an array that has so many windows."""
        padded = zip(self.size_padded(counts), self.padding)
        return tuple(n - before - after for n, (before, after) in padded)

    @property
    def single(self) -> bool:
        """Whether each element is a window of its own."""
        return self.kernel == self.stride == (1,) * self.dims and not self.has_padding

    @property
    def has_padding(self) -> bool:
        """Whether there is any padding, or anything to cut off."""
        return any(map(any, self.padding))

    @property
    def disjoint(self) -> bool:
        """Whether every element of the padded array lies in exactly one window."""
        return self.kernel == self.stride == self.span

    def cut(self, x: Array) -> Array:
        """``x`` without what negative padding cuts off; a view."""
        return padded(x, tuple((min(before, 0), min(after, 0)) for before, after in self.padding))

    def frame(self, x: Array, count: int, channels_first: bool) -> tuple[Array, Array]:
        """Zeros for ``count`` elements of the batch ``x`` (cut already) with their padding, and a
        view of where these go.

        The memory is channels-last, or with ``channels_first`` in the order of the dims.
        """
        pads = tuple((max(before, 0), max(after, 0)) for before, after in self.padding)
        size = [n + before + after for n, (before, after) in zip(x.shape[2:], pads)]
        if channels_first:
            frame = np.zeros((count, x.shape[1], *size), x.dtype)
        else:
            frame = np.zeros((count, *size, x.shape[1]), x.dtype)
            frame = frame.transpose(0, -1, *range(1, frame.ndim - 1))
        return frame, padded(frame, opposite(pads))

    def view(self, x: Array) -> Array:
        """The windows of ``x`` (padded already) as a view: (..., *counts, *kernel)."""
        lead, steps = x.shape[: x.ndim - self.dims], x.strides[x.ndim - self.dims :]
        counts = self._replace(padding=((0, 0),) * self.dims).counts(x.shape[len(lead) :])
        between = (s * step for s, step in zip(self.stride, steps))
        within = (d * step for d, step in zip(self.dilation, steps))
        return np.lib.stride_tricks.as_strided(
            x,
            (*lead, *counts, *self.kernel),
            (*x.strides[: len(lead)], *between, *within),
            writeable=False,
        )

    @remembered
    def slices(self, counts: Sizes) -> tuple[tuple[Any, ...], ...]:
        """For each element of the window, the index of all that stand there in a padded array."""
        along = (
            [slice(i * d, i * d + (count - 1) * s + 1, s) for i in range(k)]
            for count, k, s, d in zip(counts, self.kernel, self.stride, self.dilation)
        )
        return tuple((..., *places) for places in itertools.product(*along))

    @remembered
    def places(self, counts: Sizes) -> Array:
        """Where the elements of so many windows, (*kernel, *counts), are in the padded array once
        that is flattened.
        """
        steps = steps_of(self.size_padded(counts))
        within = grid(self.kernel, map(operator.mul, self.dilation, steps))
        return np.add.outer(within, grid(counts, map(operator.mul, self.stride, steps)))

    def scatter(self, parts: Iterable[Array], counts: Sizes) -> Array:
        """The adjoint of padding and `slices`: each part, (..., *counts), added where its elements
        lie.
        """
        size, disjoint = self.size_padded(counts), self.disjoint
        total: Any = None
        for part, where in zip(parts, self.slices(counts)):
            if total is None:
                total = np.empty_like(part, shape=(*part.shape[: part.ndim - self.dims], *size))
                if not disjoint:
                    total.fill(0)
            if disjoint:
                total[where] = part
            else:
                total[where] += part
        return padded(total, opposite(self.padding))


def _only(sizes: Sizes, dim: int) -> Sizes:
    """``sizes``, but 1 for all dims except one."""
    return tuple(n if d == dim else 1 for d, n in enumerate(sizes))


def padded(x: Array, padding: Pairs, value: float = 0) -> Array:
    """``x`` with ``value`` before and after its last dims, cut where the padding is negative; the
    memory order stays.

    Where nothing has to be added it is a view, or ``x`` itself.
    """
    if not any(map(any, padding)):
        return x
    lead = x.ndim - len(padding)
    kept, size, inner = _framing(x.shape[lead:], padding)
    if inner is None:
        return x[kept]
    out = np.empty_like(x, shape=(*x.shape[:lead], *size))
    out.fill(value)
    out[inner] = x[kept]
    return out


@remembered
def _framing(sizes: Sizes, padding: Pairs) -> tuple[Any, Sizes, Any]:
    """What `padded` keeps of an array, the size of its result, and where in it that goes; None if
    it is all.
    """
    size = tuple(n + before + after for n, (before, after) in zip(sizes, padding))
    # What is cut off may reach into the padding before it: then nothing is kept.
    kept = [slice(max(-b, 0), max(n - max(-a, 0), 0)) for n, (b, a) in zip(sizes, padding)]
    inner = [slice(max(b, 0), max(n - max(a, 0), 0)) for n, (b, a) in zip(size, padding)]
    adds = any(max(pair) > 0 for pair in padding)
    return (..., *kept), size, (..., *inner) if adds else None


@remembered
def opposite(padding: Pairs) -> Pairs:
    """The padding that takes off what this one adds, and the other way round."""
    return tuple((-before, -after) for before, after in padding)


def per_dim(
    operation: str, name: str, value: int | Sequence[int], dims: int, least: int = 1
) -> Sizes:
    """``value`` for each of ``dims`` dims. Raises ShapeError for a wrong number of them, or for one
    below ``least``.
    """
    values = (value,) * dims if isinstance(value, (int, np.integer)) else tuple(value)
    if len(values) == 1:
        values *= dims
    if len(values) != dims or min(values) < least:
        raise ShapeError(
            f"{operation}: {name} must be an integer >= {least}, or {dims} of them, got {value!r}"
        )
    return tuple(map(int, values))


def check_dims(operation: str, x: Any, dims: int) -> None:
    """Raise ShapeError unless ``x`` has ``dims`` dims that the windows slide along, channels, and
    perhaps a batch.
    """
    shape = array_of(x).shape
    if len(shape) not in (dims + 1, dims + 2):
        space = "length" if dims == 1 else ", ".join(("depth", "height", "width")[-dims:])
        raise ShapeError(
            f"{operation}: x must have shape (channels, {space}) or (batch, channels, {space}), "
            f"got {shape}; "
            "add missing dims with unsqueeze"
        )


# -- unfold and fold -------------------------------------------------------------------------------


@primitive(x=lambda g, x_shape, windows: _fold(g, x_shape[-2:], windows))
def _unfold(x: Array, windows: Windows) -> Array:
    view = windows.view(padded(x, windows.padding))  # (..., channels, *counts, *kernel)
    columns = np.moveaxis(view, (-2, -1), (-4, -3))
    area, count = math.prod(windows.kernel), math.prod(windows.counts(x.shape[-2:]))
    return columns.reshape(*x.shape[:-3], x.shape[-3] * area, count)


@primitive(x=lambda g, windows: _unfold(g, windows))
def _fold(x: Array, size: Sizes, windows: Windows) -> Array:
    counts = windows.counts(size)
    channels = x.shape[-2] // math.prod(windows.kernel)
    columns = x.reshape(*x.shape[:-2], channels, *windows.kernel, *counts)
    return windows.scatter(
        (columns[..., i, j, :, :] for i, j in np.ndindex(windows.kernel)), counts
    )


def unfold(
    input: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Any:
    """The windows of ``input`` (batch, channels, height, width) as columns: (batch, channels *
    window, windows).

    Zeros are put around ``input`` first, ``padding`` on each side. Raises ShapeError if no window
    fits.
    """
    check_dims("unfold", input, 2)
    return _unfold(
        input, _planar("unfold", array_of(input).shape[-2:], kernel_size, dilation, padding, stride)
    )


def fold(
    input: Any,
    output_size: Any,
    kernel_size: Any,
    dilation: Any = 1,
    padding: Any = 0,
    stride: Any = 1,
) -> Any:
    """The columns ``input`` (batch, channels * window, windows) added up where `unfold` would take
    them from.

    The result is (batch, channels, *output_size). Raises ShapeError if the columns are not those of
    such an image.
    """
    size = per_dim("fold", "output_size", output_size, 2)
    windows = _planar("fold", size, kernel_size, dilation, padding, stride)
    shape, area, count = (
        array_of(input).shape,
        math.prod(windows.kernel),
        math.prod(windows.counts(size)),
    )
    if len(shape) not in (2, 3) or shape[-2] % area or shape[-1] != count:
        raise ShapeError(
            f"fold: input must have shape (batch, channels * {area}, {count}) for windows of "
            f"{windows.kernel} in an output of "
            f"{size}, got {shape}"
        )
    return _fold(input, size, windows)


def _planar(
    operation: str, size: Sizes, kernel: Any, dilation: Any, padding: Any, stride: Any
) -> Windows:
    pads = per_dim(operation, "padding", padding, 2, least=0)
    return Windows.over(
        operation,
        size,
        per_dim(operation, "kernel_size", kernel, 2),
        per_dim(operation, "stride", stride, 2),
        tuple((p, p) for p in pads),
        per_dim(operation, "dilation", dilation, 2),
    )
