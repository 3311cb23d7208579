"""Rows for autograd/ops/normalization.py and scaling.py."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import normalization as ops, scaling
from tests.cases import Bad, Case, Input

Array = np.ndarray[Any, Any]


def standardized(x: Array, dims: Sequence[int], eps: float) -> Array:
    """Mean 0, variance 1 over ``dims``."""
    center, spread = x.mean(tuple(dims), keepdims=True), x.var(tuple(dims), keepdims=True)
    return np.asarray((x - center) / np.sqrt(spread + eps))


def per_channel(values: Array, x: Array) -> Array:
    """``values`` so that they broadcast over the channels of x."""
    return values.reshape(1, -1, *(1,) * (x.ndim - 2))


def batch(
    x: Array,
    running_mean: Array | None,
    running_var: Array | None,
    weight: Array | None = None,
    bias: Array | None = None,
    training: bool = False,
    eps: float = 1e-5,
) -> Array:
    """Batch norm, by NumPy's mean and variance."""
    if training or running_mean is None or running_var is None:
        out = standardized(x, [0, *range(2, x.ndim)], eps)
    else:
        out = (x - per_channel(running_mean, x)) / np.sqrt(per_channel(running_var, x) + eps)
    if weight is not None:
        out = out * per_channel(weight, x)
    return out if bias is None else out + per_channel(bias, x)


def instance(
    x: Array,
    mean: Array | None = None,
    var: Array | None = None,
    weight: Any = None,
    bias: Any = None,
) -> Array:
    """Instance norm with the input's statistics."""
    out = standardized(x, range(2, x.ndim), 1e-5)
    return out if weight is None else out * per_channel(weight, x) + per_channel(bias, x)


def group(x: Array, num_groups: int, weight: Any = None, bias: Any = None) -> Array:
    """Group norm."""
    groups = x.reshape(len(x), num_groups, -1)
    out = standardized(groups, [2], 1e-5).reshape(x.shape)
    return out if weight is None else out * per_channel(weight, x) + per_channel(bias, x)


def layer(x: Array, shape: Sequence[int], weight: Any = None, bias: Any = None) -> Array:
    """Layer norm."""
    out = standardized(x, range(-len(shape), 0), 1e-5)
    return out if weight is None else out * weight + bias


def root_mean_square(
    x: Array, shape: Sequence[int], weight: Any = None, eps: float | None = None
) -> Array:
    """RMS norm."""
    flat = x.reshape(-1, math.prod(shape))
    means = np.sqrt(
        np.mean(flat**2, 1, keepdims=True) + (np.finfo(x.dtype).eps if eps is None else eps)
    )
    out = (flat / means).reshape(x.shape)
    return out if weight is None else out * weight


def unit(x: Array, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Array:
    """Vectors over their norms."""
    return np.asarray(x / np.maximum(np.linalg.norm(x, p, dim, keepdims=True), eps))


def local_response(
    x: Array, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Array:
    """The formula of the paper, channel by channel."""
    sums = np.zeros_like(x)
    for c in range(x.shape[1]):
        sums[:, c] = np.sum(x[:, max(c - size // 2, 0) : c + (size - 1) // 2 + 1] ** 2, axis=1)
    return np.asarray(x / (k + alpha / size * sums) ** beta)


X, C = np.ones((2, 4, 3)), np.ones(3)
BATCH_ERRORS = (
    Bad((C, None, None), ShapeError, "input must have shape (batch, channels, ...)"),
    Bad((X[:1, :, 0], None, None), ShapeError, "more than 1 value per channel", {"training": True}),
    Bad((X, None, None), ShapeError, "needs running_mean and running_var unless"),
    Bad((X, C, None), ShapeError, "running_mean must have shape (4,)"),
    Bad((X, None, None, C), ShapeError, "weight must have shape (4,), one value for each channel"),
    Bad((X.astype(np.int64), None, None), DTypeError, "needs floats", {"training": True}),
)
INSTANCE_ERRORS = (
    Bad((X[0],), ShapeError, "input must have shape (batch, channels, space, ...)"),
    Bad((X[:, :, :1],), ShapeError, "more than 1 spatial element"),
    Bad((X,), ShapeError, "needs running_mean", {"use_input_stats": False}),
    Bad((X, None, None, C), ShapeError, "weight must have shape (4,)"),
)
GROUP_ERRORS = (
    Bad((X, 3), ShapeError, "divisible by num_groups 3"),
    Bad((X, 0), ShapeError, "num_groups 0"),
    Bad((X[:1, :, 0], 4), ShapeError, "more than 1 value per channel"),
    Bad((X, 2, C), ShapeError, "weight must have shape (4,)"),
)
LAYER_ERRORS = (
    Bad((X, (4,)), ShapeError, "must be normalized_shape (4,), got shape (2, 4, 3)"),
    Bad((X, ()), ShapeError, "must be normalized_shape ()"),
    Bad((X, (4, 3), C), ShapeError, "weight must have shape (4, 3)"),
    Bad((X.astype(np.int64), (3,)), DTypeError, "x must be floating"),
)


def row(function: Any, oracle: Any, *inputs: Any, bad: Sequence[Bad] = (), **params: Any) -> Case:
    """A row; tuples are shapes of random inputs. PyTorch is asked where all inputs are drawn."""
    name = function.__name__
    drawn = [Input(value) if isinstance(value, tuple) else value for value in inputs]
    known = not any(isinstance(value, np.ndarray) for value in inputs)
    return Case(
        name, function, drawn, params, oracle, f"nn.functional.{name}" if known else None, bad=bad
    )


CASES: list[Case] = [
    row(ops.batch_norm, batch, (4, 3), None, None, training=True, bad=BATCH_ERRORS),
    row(ops.batch_norm, batch, (4, 3), None, None, (3,), (3,), training=True, eps=0.1),
    row(ops.batch_norm, batch, (2, 3, 5), None, None, (3,), None, training=True),
    row(ops.batch_norm, batch, (2, 3, 2, 4), None, None, (3,), (3,), training=True),
    row(ops.batch_norm, batch, (2, 3, 1, 4, 2), None, None, (3,), None, training=True),
    row(
        ops.batch_norm, batch, (2, 3, 4), np.array([0.5, -1, 0]), np.array([1.0, 2, 3]), (3,), (3,)
    ),
    row(ops.batch_norm, batch, (1, 3), np.array([0.5, -1, 0]), np.array([1.0, 2, 3])),
    row(ops.batch_norm, batch, (2, 3), np.array([0.5, -1, 0]), np.array([1.0, 2, 3]), None, (3,)),
    row(ops.instance_norm, instance, (2, 3, 5), bad=INSTANCE_ERRORS),
    row(ops.instance_norm, instance, (2, 3, 4, 3), None, None, (3,), (3,)),
    row(ops.group_norm, group, (2, 4, 3), 2, bad=GROUP_ERRORS),
    row(ops.group_norm, group, (2, 6, 2, 3), 3, (6,), (6,)),
    row(ops.group_norm, group, (3, 4), 2, (4,), (4,)),
    Case(
        "layer_norm",
        ops.layer_norm,
        (Input((2, 4, 3)), (3,)),
        {},
        layer,
        "nn.functional.layer_norm",
        bad=LAYER_ERRORS,
    ),
    Case(
        "layer_norm",
        ops.layer_norm,
        (Input((2, 4, 3)), (4, 3), Input((4, 3)), Input((4, 3))),
        {},
        layer,
        "nn.functional.layer_norm",
    ),
    Case(
        "rms_norm",
        ops.rms_norm,
        (Input((2, 4, 3)), (3,)),
        {},
        root_mean_square,
        "nn.functional.rms_norm",
        bad=LAYER_ERRORS,
    ),
    Case(
        "rms_norm",
        ops.rms_norm,
        (Input((2, 4, 3)), (4, 3), Input((4, 3)), 0.1),
        {},
        root_mean_square,
        "nn.functional.rms_norm",
    ),
    row(scaling.normalize, unit, (3, 4), bad=[Bad((X, 2.0, 3), IndexError, "dim")]),
    row(scaling.normalize, unit, (3, 4), p=1.0, dim=0),
    row(scaling.normalize, unit, (2, 3, 4), p=3.0, dim=-1, eps=100.0),
    row(
        scaling.local_response_norm,
        local_response,
        (2, 5, 3),
        3,
        bad=[Bad((X[0], 2), ShapeError, "size >= 1")],
    ),
    row(scaling.local_response_norm, local_response, (2, 5, 3, 2), 4, alpha=0.5, beta=0.6, k=2.0),
    row(scaling.local_response_norm, local_response, (1, 3, 2, 2, 2), 5, alpha=0.5),
]
