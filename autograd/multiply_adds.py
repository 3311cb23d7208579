"""How many multiplications and additions an operation takes, by the shapes that it meets."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from autograd.core.primitive import Primitive
from autograd.ops.attention import _attention, _attention_weights, products_by_head
from autograd.ops.contraction import _contract
from autograd.ops.convolution_maps import _conv, _conv_transpose
from autograd.ops.linear_cross_entropy import _chunked_cross_entropy
from autograd.ops.products import linear, matmul
from autograd.ops.recurrent import _gru, _rnn
from autograd.ops.recurrent_lstm import _lstm


def multiply_adds(operation: Primitive, args: Any, params: dict[str, Any], out: Any) -> int:
    """The products of two numbers that ``operation`` adds up to compute ``out`` of ``args``.

    Those of matrices, convolutions (a window's padding included), attention, recurrences and
    ``einsum``; 0 for operations that take a few steps for each number.

    >>> import autograd
    >>> x, y = autograd.ones(2, 3), autograd.ones(3, 4)
    >>> multiply_adds(autograd.matmul.primitive, (x, y), {}, x @ y)
    24
    """
    rule = _COUNTS.get(operation)
    return 0 if rule is None else rule(args, params, out)


def _product(*sizes: int) -> int:
    return prod(sizes)


def _by_columns(args: Any, params: Any, out: Any) -> int:
    """``x @ y``: each result is the sum over a row of x."""
    return _product(*out.shape, args[0].shape[-1])


def _by_weights(args: Any, params: Any, out: Any) -> int:
    """Each weight is a sum over features, and goes to each feature of a value."""
    return _product(*out.shape[:-1], args[1].shape[-2], args[0].shape[-1] + out.shape[-1])


def _by_windows(args: Any, params: Any, out: Any) -> int:
    """Each result is the sum over a window, in the channels of its group."""
    return _product(*out.shape, *args[1].shape[1:])


def _spread(args: Any, params: Any, out: Any) -> int:
    """Each number of the input goes to all places of its window."""
    return _product(*args[0].shape, *args[1].shape[1:])


def _by_labels(args: Any, params: Any, out: Any) -> int:
    labels = (*params["x_labels"], *params["y_labels"])
    return _product(*dict(zip(labels, (*args[0].shape, *args[1].shape))).values())


def _by_state(args: Any, params: Any, out: Any) -> int:
    """The gates are given; what is left is the product of the state with the weight."""
    gates, weight = args[:2]
    return _product(*gates.shape, weight.shape[1])


def _lstm_steps(args: Any, params: Any, out: Any) -> int:
    x, weight_ih, _, _, _, weight_hh, projection = args
    weights = [weight for weight in (weight_ih, weight_hh, projection) if weight is not None]
    return sum(_product(*x.shape[:2], *weight.shape) for weight in weights)


def _by_classes(args: Any, params: Any, out: Any) -> int:
    x, weight = args[:2]
    return _product(*x.shape, len(weight))


_COUNTED: dict[Any, Callable[[Any, Any, Any], int]] = {
    matmul: _by_columns,
    linear: _by_columns,
    products_by_head: _by_columns,
    _attention: _by_weights,
    _attention_weights: _by_columns,
    _conv: _by_windows,
    _conv_transpose: _spread,
    _contract: _by_labels,
    _rnn: _by_state,
    _gru: _by_state,
    _lstm: _lstm_steps,
    _chunked_cross_entropy: _by_classes,
}
_COUNTS = {operation.primitive: rule for operation, rule in _COUNTED.items()}
