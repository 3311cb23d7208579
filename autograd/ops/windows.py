"""Sliding windows over the last dims of an array: where they lie, a view of them, and `unfold` and
`fold`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of
from autograd.errors import ShapeError

Sizes = tuple[int, ...]


class Windows(NamedTuple):
    """Windows that lie evenly over an array and cover its padded length exactly.

    All have one entry for each dim. ``padding`` has pairs (before, after); a negative one cuts off
    what no window reaches, so that the size of the array follows from the number of windows.
    """

    kernel: Sizes
    stride: Sizes
    padding: tuple[tuple[int, int], ...]
    dilation: Sizes

    @classmethod
    def over(
        cls,
        operation: str,
        size: Sizes,
        kernel: Sizes,
        stride: Sizes,
        padding: Sequence[tuple[int, int]],
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

    def counts(self, size: Sizes) -> Sizes:
        """How many windows an array of ``size`` has."""
        padded = (n + before + after for n, (before, after) in zip(size, self.padding))
        return tuple((n - span) // s + 1 for n, span, s in zip(padded, self.span, self.stride))

    def size(self, counts: Sizes) -> Sizes:
        """The size of an array that has so many windows."""
        padded = ((count - 1) * s + span for count, s, span in zip(counts, self.stride, self.span))
        return tuple(n - before - after for n, (before, after) in zip(padded, self.padding))

    @property
    def single(self) -> bool:
        """Whether each element is a window of its own."""
        return self.kernel == self.stride == (1,) * self.dims and not np.any(self.padding)

    def cut(self, x: Array) -> Array:
        """``x`` without what negative padding cuts off; a view."""
        return padded(x, [(min(before, 0), min(after, 0)) for before, after in self.padding])

    def frame(self, x: Array, count: int, channels_first: bool) -> tuple[Array, Array]:
        """Zeros for ``count`` elements of the batch ``x`` (cut already) with their padding, and a
        view of where these go.

        The memory is channels-last, or with ``channels_first`` in the order of the dims.
        """
        pads = [(max(before, 0), max(after, 0)) for before, after in self.padding]
        size = [n + before + after for n, (before, after) in zip(x.shape[2:], pads)]
        if channels_first:
            frame = np.zeros((count, x.shape[1], *size), x.dtype)
        else:
            frame = np.zeros((count, *size, x.shape[1]), x.dtype)
            frame = frame.transpose(0, -1, *range(1, frame.ndim - 1))
        return frame, padded(frame, [(-before, -after) for before, after in pads])

    def view(self, x: Array) -> Array:
        """The windows of ``x`` (padded already) as a view: (..., *counts, *kernel)."""
        axes = tuple(range(x.ndim - self.dims, x.ndim))
        windows = np.lib.stride_tricks.sliding_window_view(x, self.span, axes)
        steps = (slice(None, None, step) for step in (*self.stride, *self.dilation))
        place: tuple[Any, ...] = (..., *steps)
        return windows[place]

    def slices(self, counts: Sizes) -> Iterator[tuple[Any, ...]]:
        """For each element of the window, the index of all that stand there in a padded array."""
        ends = [(count - 1) * s + 1 for count, s in zip(counts, self.stride)]
        for place in itertools.product(*map(range, self.kernel)):
            starts = [i * d for i, d in zip(place, self.dilation)]
            yield (..., *(slice(i, i + end, s) for i, end, s in zip(starts, ends, self.stride)))

    def scatter(self, parts: Iterable[Array], counts: Sizes) -> Array:
        """The adjoint of padding and `slices`: each part, (..., *counts), added where its elements
        lie.
        """
        reach = zip(counts, self.stride, self.span)
        size = tuple((count - 1) * s + span for count, s, span in reach)
        disjoint = self.kernel == self.stride == self.span  # every element lies in one window
        total: Any = None
        for part, where in zip(parts, self.slices(counts)):
            if total is None:
                lead = part.shape[: part.ndim - self.dims]
                new = np.empty_like if disjoint else np.zeros_like
                total = new(part, shape=(*lead, *size))
            if disjoint:
                total[where] = part
            else:
                total[where] += part
        return padded(total, tuple((-before, -after) for before, after in self.padding))


def padded(x: Array, padding: Sequence[tuple[int, int]], value: float = 0) -> Array:
    """``x`` with ``value`` before and after its last dims, cut where the padding is negative; the
    memory order stays.

    Where nothing has to be added it is a view.
    """
    lead = x.ndim - len(padding)
    sizes = x.shape[lead:]
    kept = x[(..., *(slice(max(-b, 0), n - max(-a, 0)) for n, (b, a) in zip(sizes, padding)))]
    if all(before <= 0 and after <= 0 for before, after in padding):
        return kept
    size = (n + before + after for n, (before, after) in zip(sizes, padding))
    out = np.full_like(x, value, shape=(*x.shape[:lead], *size))
    starts = (max(before, 0) for before, _ in padding)
    inner: Any = (..., *(slice(start, start + n) for start, n in zip(starts, kept.shape[lead:])))
    out[inner] = kept
    return out


def per_dim(
    operation: str, name: str, value: int | Sequence[int], dims: int, least: int = 1
) -> Sizes:
    """``value`` for each of ``dims`` dims. Raises ShapeError for a wrong number of them, or for one
    below ``least``.
    """
    values = (value,) * dims if isinstance(value, (int, np.integer)) else tuple(value)
    if len(values) == 1:
        values *= dims
    if len(values) != dims or any(v < least for v in values):
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
