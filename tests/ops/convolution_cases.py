"""Rows for autograd/ops/convolution.py."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import convolution as ops
from tests.cases import Bad, Case, Input

Array = np.ndarray[Any, Any]


def each_dim(value: Any, dims: int) -> Sequence[int]:
    """A parameter for each dim."""
    return (value,) * dims if isinstance(value, int) else value


def convolve(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Array:
    """A convolution by its definition: one sum for each place and channel of the result."""
    dims = weight.ndim - 2
    if x.ndim == dims + 1:
        return convolve(x[None], weight, bias, stride, padding, dilation, groups)[0]
    strides, dilations = each_dim(stride, dims), each_dim(dilation, dims)
    spans = [d * (k - 1) + 1 for d, k in zip(dilations, weight.shape[2:])]
    if padding == "same":
        pads = [((span - 1) // 2, span - 1 - (span - 1) // 2) for span in spans]
    else:
        pads = [(p, p) for p in each_dim(0 if padding == "valid" else padding, dims)]
    x = np.pad(x, [(0, 0), (0, 0), *pads])
    counts = [(n - span) // s + 1 for n, span, s in zip(x.shape[2:], spans, strides)]
    out = np.zeros((len(x), len(weight), *counts), x.dtype)
    inputs, outputs = weight.shape[1], len(weight) // groups
    for channel, place in itertools.product(range(len(weight)), np.ndindex(*counts)):
        first = channel // outputs * inputs
        window = tuple(
            slice(i * s, i * s + span, d) for i, s, span, d in zip(place, strides, spans, dilations)
        )
        seen = x[(slice(None), slice(first, first + inputs), *window)]
        shift = 0 if bias is None else bias[channel]
        total = np.sum(seen * weight[channel], axis=tuple(range(1, dims + 2)))
        out[(slice(None), channel, *place)] = total + shift
    return out


def spread(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Array:
    """A transposed convolution by its definition: each element adds its multiple of the weight to
    the result.
    """
    dims = weight.ndim - 2
    if x.ndim == dims + 1:
        return spread(x[None], weight, bias, stride, padding, output_padding, groups, dilation)[0]
    strides, cuts, extra, dilations = (
        each_dim(value, dims) for value in (stride, padding, output_padding, dilation)
    )
    spans = [d * (k - 1) + 1 for d, k in zip(dilations, weight.shape[2:])]
    full = [(n - 1) * s + span + e for n, s, span, e in zip(x.shape[2:], strides, spans, extra)]
    outputs, inputs = weight.shape[1], x.shape[1] // groups
    out = np.zeros((len(x), outputs * groups, *full), x.dtype)
    for channel, place in itertools.product(range(x.shape[1]), np.ndindex(*x.shape[2:])):
        first = channel // inputs * outputs
        window = tuple(
            slice(i * s, i * s + span, d) for i, s, span, d in zip(place, strides, spans, dilations)
        )
        value = x[(slice(None), channel, *place)].reshape(-1, *(1,) * (dims + 1))
        out[(slice(None), slice(first, first + outputs), *window)] += value * weight[channel]
    kept = tuple(slice(cut, n - cut) for cut, n in zip(cuts, full))
    out = out[(slice(None), slice(None), *kept)]
    return out if bias is None else out + bias.reshape(-1, *(1,) * dims)


def convolution(
    shape: tuple[int, ...], weight: tuple[int, ...], bad: Sequence[Bad] = (), **params: Any
) -> Case:
    """A row with a bias for the convolution that the shapes belong to."""
    name = f"conv{len(weight) - 2}d"
    inputs = (Input(shape), Input(weight), Input(weight[:1]))
    # PyTorch warns of the uneven padding that it has to do for windows of even size.
    uneven = params.get("padding") == "same" and any(size % 2 == 0 for size in weight[2:])
    known = None if uneven else ""
    return Case(name, getattr(ops, name), inputs, params, convolve, known, bad=bad)


def transposed(
    shape: tuple[int, ...], weight: tuple[int, ...], bad: Sequence[Bad] = (), **params: Any
) -> Case:
    """A row with a bias for the transposed convolution that the shapes belong to."""
    name = f"conv_transpose{len(weight) - 2}d"
    inputs = (Input(shape), Input(weight), Input((weight[1] * params.get("groups", 1),)))
    return Case(name, getattr(ops, name), inputs, params, spread, bad=bad)


X, W = np.ones((2, 4, 5, 5)), np.ones((6, 4, 3, 3))

CONV_ERRORS = (
    Bad((X[0, 0], W), ShapeError, "x must have shape (channels, height, width)"),
    Bad((X, W[0]), ShapeError, "weight must have 4 dims"),
    Bad((X, W[:, :3]), ShapeError, "has 4 channels and groups is 1"),
    Bad((X, W), ShapeError, "has 4 channels and groups is 2", {"groups": 2}),
    Bad((X, W[:5, :2]), ShapeError, "divisible by groups", {"groups": 2}),
    Bad((X, W), ShapeError, "groups must be at least 1", {"groups": 0}),
    Bad(
        (X[:, :, :2], W),
        ShapeError,
        "spans 3 elements (kernel 3, dilation 1) but the input has only 2",
    ),
    Bad((X, W), ShapeError, "spans 7 elements", {"dilation": 3}),
    Bad((X, W), ShapeError, "stride must be an integer >= 1", {"stride": 0}),
    Bad((X, W), ShapeError, "padding must be an integer >= 0, or 2", {"padding": (1, 1, 1)}),
    Bad((X, W), ShapeError, "padding must be 'same'", {"padding": "full"}),
    Bad((X, W), ShapeError, "needs stride 1", {"padding": "same", "stride": 2}),
    Bad((X, W[:, :, :0]), ShapeError, "weight must have"),
    Bad((X, W, np.ones(4)), ShapeError, "bias must have shape (6,)"),
    Bad((X, W.astype(np.float32)), DTypeError, "got float64 and float32"),
    Bad((X, W, np.ones(6, np.float32)), DTypeError, "bias is float32"),
    Bad((X > 0, W > 0), DTypeError, "one numeric dtype"),
)
TRANSPOSE_ERRORS = (
    Bad((X, W), ShapeError, "has 4 channels and groups is 1, but weight is (6, 4, 3, 3)"),
    Bad((X, W[:4]), ShapeError, "channels divisible by groups", {"groups": 3}),
    Bad((X, W[:4]), ShapeError, "output_padding (1, 1) must be smaller", {"output_padding": 1}),
    Bad((X, W[:4]), ShapeError, "the result would have size (-1, -1)", {"padding": 4}),
    Bad((X, W[:4], np.ones(6)), ShapeError, "bias must have shape (4,)"),
    Bad((X[0, 0], W), ShapeError, "x must have shape"),
    Bad((X, W[:4].astype(np.float32)), DTypeError, "got float64 and float32"),
)

CASES: list[Case] = [
    convolution((2, 3, 7), (4, 3, 3)),
    convolution((3, 7), (4, 3, 3), padding="same"),
    convolution((2, 4, 9), (6, 2, 2), stride=3, padding=(2,), dilation=2, groups=2),
    convolution((2, 2, 6), (3, 2, 4), padding="same"),
    convolution((2, 3, 5, 6), (4, 3, 3, 2), CONV_ERRORS),
    convolution((2, 2, 8, 7), (4, 1, 3, 2), stride=(3, 2), padding=(2, 1), groups=2),
    convolution((2, 5, 6, 6), (5, 1, 3, 3), padding=1, groups=5),
    convolution((2, 6, 5, 5), (3, 6, 1, 1), stride=2),
    convolution((2, 5, 4, 5), (2, 5, 2, 3), padding=(3, 4)),
    convolution((2, 7, 8), (3, 2, 3, 3), dilation=(1, 2), padding="valid"),
    convolution((0, 3, 5, 5), (4, 3, 3, 3), padding=1),
    convolution((1, 2, 3, 4, 5), (3, 2, 2, 2, 3), padding=1, stride=(1, 2, 1)),
    convolution((2, 3, 3, 4), (2, 1, 2, 2, 2), groups=2, padding="same"),
    transposed((2, 3, 5), (3, 4, 3)),
    transposed((3, 5), (3, 4, 3), stride=2, padding=1, output_padding=1),
    transposed((2, 4, 4), (4, 3, 2), stride=1, dilation=3, output_padding=2, groups=2, padding=3),
    transposed((2, 3, 3, 4), (3, 2, 3, 3), TRANSPOSE_ERRORS),
    transposed(
        (2, 4, 3, 2), (4, 3, 2, 3), stride=(2, 3), padding=(1, 0), output_padding=(0, 2), groups=2
    ),
    transposed((2, 5, 3, 3), (5, 1, 2, 2), stride=2, groups=5),
    transposed((2, 3, 4, 4), (3, 2, 1, 1), padding=1),
    transposed((2, 3, 4), (2, 2, 2, 2), stride=3, padding=1, dilation=2),
    transposed((0, 3, 3, 4), (3, 2, 3, 3), stride=2),
    transposed((1, 2, 2, 3, 2), (2, 3, 2, 1, 2), stride=2, padding=(0, 0, 1)),
]
