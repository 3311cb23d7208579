"""Recurrent layers: what an Elman network and a GRU compute over a whole sequence (the LSTM is in
`autograd.ops.recurrent_lstm`).

Each is one product for the inputs of all time steps, and then a recurrence, which is one primitive
for all steps. Step by step, the graph would add up one gradient of the recurrent weight for each
step; over the whole sequence that gradient is a single product.

Shapes: inputs ``x (time, batch, features)``, states ``(batch, hidden)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.formula import formula
from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, array_of
from autograd.errors import ShapeError
from autograd.ops.exponential import sigmoid
from autograd.ops.joining import _stack, unbind
from autograd.ops.products import linear
from autograd.ops.recurrence import (
    _product_of_step,
    _side_by_side,
    backwards,
    blocks_of,
    check_recurrence,
    gate_by_gate,
    in_order,
    parts_of,
    product_into,
    recurrent_weight_gradient,
    room_for,
    states_before,
    sum_of,
)
from autograd.ops.trigonometric import tanh

# -- Elman's network -------------------------------------------------------------------------------


@formula
def _rnn_gradients(g: Any, wanted: Any, weight: Any, h: Any, out: Any, relu: bool) -> list[Any]:
    slopes = out != 0 if relu else 1 - out * out
    steps: list[Any] = []
    room = room_for(g, *g.shape)
    blocks = blocks_of(weight, len(h), 1)
    carried: Any = 0
    for g_t, slope, room_t in backwards(g, slopes, room):
        steps.append(_side_by_side((g_t + carried) * slope, out=room_t))
        carried = _product_of_step(steps[-1], weight, blocks=blocks)
    g_gates = in_order(steps, room)
    g_weight = recurrent_weight_gradient(g_gates, h, out) if wanted[1] else None
    return [g_gates, g_weight, carried]


@primitive(joint=_rnn_gradients)
def _rnn(gates: Array, weight: Array, h: Array, relu: bool) -> Array:
    check_recurrence(gates, gates.shape[-1], weight, [h], 1)
    out = np.empty_like(gates, order="C")
    product = product_into(weight, len(h), 1)
    for gate, h_t in zip(gates, out):
        product(h, h_t[None])
        h_t += gate
        if relu:
            np.maximum(h_t, 0, out=h_t)
        else:
            np.tanh(h_t, out=h_t)
        h = h_t
    return out


def rnn(
    x: Any,
    h: Any,
    weight_ih: Any,
    weight_hh: Any,
    bias_ih: Any = None,
    bias_hh: Any = None,
    *,
    nonlinearity: str = "tanh",
) -> Any:
    """The states ``h = tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)`` after each
    step, ``(time, batch, hidden)`` (Elman, 1990).

    ``nonlinearity``: "tanh" or "relu". Raises ShapeError, DTypeError.

    >>> import autograd
    >>> from autograd.ops.recurrent import rnn
    >>> one = autograd.ones(1, 1)
    >>> rnn(autograd.ones(3, 1, 1), one * 0, one, one, nonlinearity="relu").flatten()
    tensor([1., 2., 3.])
    """
    if nonlinearity not in ("tanh", "relu"):
        raise ShapeError(f"rnn: nonlinearity must be 'tanh' or 'relu', got {nonlinearity!r}")
    gates = linear(x, weight_ih, sum_of(bias_ih, bias_hh))
    return _rnn(gates, weight_hh, h, relu=nonlinearity == "relu")


# -- the gated recurrent unit ----------------------------------------------------------------------


@formula
def _gru_gradients(
    g: Any, wanted: Any, gates: Any, weight: Any, bias: Any, h: Any, out: Any, scratch: Any
) -> list[Any]:
    if isinstance(gates, Variable):
        scratch = _gru_scratch(gates, linear(states_before(h, out), weight, bias))
    steps: list[Any] = []  # the gradients by the gates
    products: list[Any] = []  # and by ``h @ weight.T + bias``
    rooms = [room_for(g, *gates.shape) for _ in range(2)]
    blocks = blocks_of(weight, len(h), 3)
    carried: Any = 0
    before = (h, *unbind(out)[:-1])
    for g_t, h_t, scratch_t, room_t, other_t in backwards(g, before, scratch, *rooms):
        n, r, z, product = scratch_t
        g_h = g_t + carried
        carried = g_h * z
        g_n = (g_h - carried) * (1 - n * n)
        g_product = g_n * r
        g_r = g_product * product * (1 - r)
        g_z = carried * (h_t - n) * (1 - z)
        steps.append(_side_by_side(g_r, g_z, g_n, out=room_t))
        products.append(_side_by_side(g_r, g_z, g_product, out=other_t))
        carried = carried + _product_of_step(products[-1], weight, blocks=blocks)
    g_products = in_order(products, rooms[1])
    return [
        in_order(steps, rooms[0]),
        recurrent_weight_gradient(g_products, h, out) if wanted[1] else None,
        g_products if wanted[2] else None,
        carried,
    ]


def _gru_scratch(gates: Any, products: Any) -> Any:
    """What `_gru` keeps, as a function that can be differentiated."""
    (gate_r, gate_z, gate_n), (of_r, of_z, of_n) = parts_of(gates, 3), parts_of(products, 3)
    r = sigmoid(gate_r + of_r)
    return _stack(tanh(gate_n + r * of_n), r, sigmoid(gate_z + of_z), of_n, dim=1)


def _sigmoid_in_place(x: Any) -> None:
    """``(1 + tanh(x / 2)) / 2``: in float32 two thirds of the time of ``1 / (1 + exp(-x))``. Its
    absolute error is no larger, but a gate below the rounding unit becomes exactly 0."""
    x *= 0.5
    np.tanh(x, out=x)
    x *= 0.5
    x += 0.5


@primitive(joint=_gru_gradients)
def _gru(gates: Array, weight: Array, bias: Array, h: Array, scratch: Any) -> Array:
    """``scratch (time, 4, batch, hidden)`` is filled with n, r, z and what r is multiplied with,
    for the gradients.

    It could be a second output, but then an ordinary backward would make, add and pass on a
    gradient of it that is all zeros. Instead the rule reads it as it is, and under
    ``create_graph``, where it would be a constant, computes it anew from the arguments.
    """
    check_recurrence(gates, gates.shape[-1], weight, [h], 3)
    hidden = h.shape[1]
    out = np.empty_like(gates, shape=(len(gates), *h.shape))
    multiply = product_into(weight, len(h), 3)
    bias = np.zeros_like(weight, shape=3 * hidden) if bias is None else bias
    bias = bias.reshape(3, 1, hidden)
    for gate, h_t, scratch_t in zip(gate_by_gate(gates, 3), out, scratch):
        multiply(h, scratch_t[1:])
        scratch_t[1:] += bias
        scratch_t[1:3] += gate[:2]
        _sigmoid_in_place(scratch_t[1:3])
        n, r, z, product = scratch_t
        np.multiply(r, product, out=n)
        n += gate[2]
        np.tanh(n, out=n)
        np.subtract(h, n, out=h_t)
        h_t *= z
        h_t += n
        h = h_t
    return out


def gru(
    x: Any, h: Any, weight_ih: Any, weight_hh: Any, bias_ih: Any = None, bias_hh: Any = None
) -> Any:
    """The states of a gated recurrent unit after each step, ``(time, batch, hidden)``.

    Of the rows of the weights, a third each makes ``r = sigmoid(..)``, ``z = sigmoid(..)`` and
    ``n = tanh(x @ w.T + b + r * (h @ v.T + c))``; then ``h = (1 - z) * n + z * h`` (Cho et al.,
    2014; with r outside of the product, so that one product serves all three).
    Raises ShapeError, DTypeError.

    >>> import autograd
    >>> from autograd.ops.recurrent import gru
    >>> weight = autograd.zeros(6, 2)
    >>> gru(autograd.ones(1, 1, 2), autograd.ones(1, 2), weight, weight).tolist()
    [[[0.5, 0.5]]]
    """
    gates = linear(x, weight_ih, bias_ih)
    scratch = room_for(gates, len(gates), 4, *array_of(h).shape)
    return _gru(gates, weight_hh, bias_hh, h, scratch=scratch)
