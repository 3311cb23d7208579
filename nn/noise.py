"""The functions that draw random numbers: dropout and its kin, and pooling over random windows.

They lie here because `autograd.random` is a layer above the operations. Those that take ``inplace``
leave their result in ``x`` if that is True.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from autograd import random
from autograd.core.inplace import in_place
from autograd.core.variable import array_of, checked_tensor, make, unwrap
from autograd.dtypes import DIFFERENTIABLE
from autograd.errors import DTypeError, ShapeError
from autograd.ops.activation import leaky_relu
from autograd.ops.arithmetic import _add, _div, mul, sub
from autograd.ops.shaping import unsqueeze
from autograd.ops.softmax import softmax
from autograd.ops.unpooling import pool_at
from autograd.ops.windows import check_dims, per_dim

# -- dropout ---------------------------------------------------------------------------------------


def dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Each element 0 with probability ``p``, the others times ``1 / (1 - p)``; ``input`` unless
    ``training``.

    Draws from the library's own generator. Raises ShapeError for ``p`` outside [0, 1]. Srivastava
    et al. (2014).

    >>> import autograd
    >>> from nn import functional as F
    >>> F.dropout(autograd.ones(3), training=False)
    tensor([1., 1., 1.])
    """
    _check_probability("dropout", p)
    if not training or p == 0:
        return checked_tensor(input)
    if inplace:
        return in_place(dropout)(input, p)
    _check_floating("dropout", input)
    return mul(input, random.dropout_mask(input, p))


def dropout1d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """`dropout` of whole channels of ``input`` (batch, channels, length); the batch may be
    missing."""
    return _channels("dropout1d", 1, input, p, training, inplace)


def dropout2d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """`dropout` of whole channels of ``input`` (batch, channels, height, width).

    As in PyTorch, three dims are taken for (batch, channels, length).
    """
    if array_of(input).ndim == 3:
        return _channels("dropout2d", 1, input, p, training, inplace)
    return _channels("dropout2d", 2, input, p, training, inplace)


def dropout3d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """`dropout` of whole channels of ``input`` (batch, channels, depth, height, width); the batch
    may be missing."""
    return _channels("dropout3d", 3, input, p, training, inplace)


def _channels(operation: str, dims: int, x: Any, p: float, training: bool, inplace: bool) -> Any:
    _check_probability(operation, p)
    check_dims(operation, x, dims)
    _check_floating(operation, x)
    if not training or p == 0:
        return x
    mask = random.dropout_mask(_one_for_each(x, array_of(x).ndim - dims), p)
    return in_place(mul)(x, mask) if inplace else mul(x, mask)


def _one_for_each(x: Any, lead: int) -> Any:
    """An array like ``x``, with one element for all that share the first ``lead`` positions."""
    shape = array_of(x).shape
    return np.empty((*shape[:lead], *(1,) * (len(shape) - lead)), array_of(x).dtype)


def alpha_dropout(input: Any, p: float = 0.5, training: bool = False, inplace: bool = False) -> Any:
    """Dropout that keeps mean 0 and variance 1, for `selu`: what is dropped gets the least value of
    that; then all is shifted and scaled.

    Raises ShapeError for ``p`` outside [0, 1]. Klambauer et al. (2017): Self-Normalizing Neural
    Networks.
    """
    _check_probability("alpha_dropout", p)
    if not training or p == 0:
        return checked_tensor(input)
    return _alpha_dropped(input, p, np.empty_like(array_of(input)), inplace)


def feature_alpha_dropout(
    input: Any, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Any:
    """`alpha_dropout` of whole channels: dim 1 of ``input`` (batch, channels, ...)."""
    _check_probability("feature_alpha_dropout", p)
    if not training or p == 0:
        return checked_tensor(input)
    if array_of(input).ndim < 2:
        raise ShapeError(
            f"feature_alpha_dropout: input must have shape (batch, channels, ...), got "
            f"{array_of(input).shape}"
        )
    return _alpha_dropped(input, p, _one_for_each(input, 2), inplace)


_LEAST = -1.0507009873554805 * 1.6732632423543772  # what selu tends to, far on the left


def _alpha_dropped(x: Any, p: float, like: Any, inplace: bool) -> Any:
    _check_floating("alpha_dropout", x)
    kept = unwrap(random.dropout_mask(like, p)) != 0
    scale = 0.0 if p == 1 else 1 / math.sqrt((1 - p) * (1 + p * _LEAST**2))
    dtype = array_of(x).dtype
    factor = np.where(kept, dtype.type(scale), dtype.type(0))
    shift = np.where(kept, dtype.type(0), dtype.type(scale * _LEAST)) - dtype.type(
        scale * _LEAST * p
    )
    if inplace:
        return in_place(_add)(in_place(mul)(x, make(factor)), make(shift))
    return _add(mul(x, factor), shift)


# -- others ----------------------------------------------------------------------------------------


def rrelu(
    input: Any,
    lower: float = 1.0 / 8,
    upper: float = 1.0 / 3,
    training: bool = False,
    inplace: bool = False,
) -> Any:
    """`leaky_relu` with a random slope for each element, uniform from ``lower`` to ``upper``;
    unless ``training``, with the mean of the two.

    Raises ShapeError if ``lower`` is above ``upper``. Xu et al. (2015): Empirical Evaluation of
    Rectified Activations in Convolutional Network.
    """
    if inplace:
        return rrelu_(input, lower, upper, training)
    if not lower <= upper or math.isinf(upper - lower):
        raise ShapeError(f"rrelu: needs finite lower <= upper, got {lower} and {upper}")
    _check_floating("rrelu", input)
    if not training:
        return leaky_relu(input, (lower + upper) / 2)
    array = unwrap(input)
    slopes = random.draw("random", array.shape, array.dtype, None) * (upper - lower) + lower
    return mul(input, np.where(array > 0, array.dtype.type(1), slopes.astype(array.dtype)))


rrelu_ = in_place(rrelu)


def gumbel_softmax(
    logits: Any, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1
) -> Any:
    """Samples of the categorical distribution with ``logits`` along ``dim``, relaxed: the softmax
    of ``(logits + noise) / tau``.

    ``hard``: 1 for the largest and 0 elsewhere, with the gradient of the relaxed. ``eps`` does
    nothing, as in PyTorch. Jang, Gu and Poole (2016); Maddison, Mnih and Teh (2016).
    """
    _check_floating("gumbel_softmax", logits)
    shape, dtype = array_of(logits).shape, array_of(logits).dtype
    noise = -np.log(random.draw("standard_exponential", shape, dtype, None))
    soft = softmax(_div(_add(logits, noise), tau), dim)
    if not hard:
        return soft
    array = unwrap(soft)
    best = np.expand_dims(np.argmax(array, dim), dim)
    chosen = np.zeros_like(array)
    np.put_along_axis(chosen, best, array.dtype.type(1), dim)
    return _add(sub(chosen, array), soft)


# -- fractional pooling ----------------------------------------------------------------------------


def fractional_max_pool2d(
    input: Any,
    kernel_size: Any,
    output_size: Any = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Any = None,
) -> Any:
    """The maxima of windows of ``input`` (batch, channels, height, width) that lie at random
    distances; the batch may be missing.

    There are ``output_size`` of them along each dim, or ``output_ratio`` times its size.
    ``_random_samples`` (batch, channels, 2) in [0, 1) decide where. With ``return_indices`` also
    where the maxima are, counted within a channel. Raises ShapeError. Graham (2014): Fractional
    Max-Pooling.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.fractional_max_pool2d(autograd.ones(1, 5, 5), 2, output_size=3).shape
    (1, 3, 3)
    """
    options = (kernel_size, output_size, output_ratio, return_indices, _random_samples)
    return _fractional("fractional_max_pool2d", (1, 0), input, *options)


def fractional_max_pool3d(
    input: Any,
    kernel_size: Any,
    output_size: Any = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Any = None,
) -> Any:
    """As `fractional_max_pool2d`, on volumes: (batch, channels, depth, height, width)."""
    options = (kernel_size, output_size, output_ratio, return_indices, _random_samples)
    return _fractional("fractional_max_pool3d", (0, 1, 2), input, *options)


fractional_max_pool2d_with_indices = partial(fractional_max_pool2d, return_indices=True)
fractional_max_pool3d_with_indices = partial(fractional_max_pool3d, return_indices=True)


def _fractional(
    operation: str,
    order: Sequence[int],
    x: Any,
    kernel_size: Any,
    output_size: Any,
    output_ratio: Any,
    return_indices: bool,
    samples: Any,
) -> Any:
    dims = len(order)
    check_dims(operation, x, dims)
    _check_floating(operation, x)
    if (output_size is None) == (output_ratio is None):
        raise ShapeError(f"{operation}: needs either output_size or output_ratio")
    unbatched = array_of(x).ndim == dims + 1
    x = unsqueeze(x, 0) if unbatched else x
    shape = array_of(x).shape
    if output_ratio is not None:
        ratios = output_ratio if isinstance(output_ratio, (tuple, list)) else (output_ratio,) * dims
        if len(ratios) != dims or not all(0 < ratio < 1 for ratio in ratios):
            raise ShapeError(f"{operation}: output_ratio must be between 0 and 1, got {ratios}")
        output_size = [int(n * ratio) for n, ratio in zip(shape[2:], ratios)]
    kernel = per_dim(operation, "kernel_size", kernel_size, dims)
    size = per_dim(operation, "output_size", output_size, dims)
    if shape[1] == 0 or any(m + k - 1 > n for n, k, m in zip(shape[2:], kernel, size)):
        raise ShapeError(
            f"{operation}: {size} windows of {kernel} do not fit side by side into x of shape "
            f"{shape}"
        )
    if samples is None:
        samples = random.rand(*shape[:2], dims)
    values, index = pool_at(operation, x, kernel, size, samples, order)
    if unbatched:
        values, index = values.reshape(array_of(values).shape[1:]), make(unwrap(index)[0])
    return (values, index) if return_indices else values


# -- what is refused -------------------------------------------------------------------------------


def _check_probability(operation: str, p: float) -> None:
    if not 0 <= p <= 1:
        raise ShapeError(f"{operation}: p must be between 0 and 1, got {p}")


def _check_floating(operation: str, x: Any) -> None:
    if array_of(x).dtype not in DIFFERENTIABLE:
        raise DTypeError(f"{operation}: x must be floating, got {array_of(x).dtype}; use x.float()")
