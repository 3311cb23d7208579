"""The long short-term memory over a whole sequence; see `autograd.ops.recurrent`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.core.formula import formula
from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, array_of
from autograd.errors import ShapeError
from autograd.ops.exponential import sigmoid
from autograd.ops.joining import _stack
from autograd.ops.products import _check_affine, _rows, linear, matmul
from autograd.ops.recurrence import (
    _product_of_step,
    _side_by_side,
    backwards,
    blocks_of,
    check_recurrence,
    from_last_to_first,
    in_order,
    parts_of,
    product_into,
    recurrent_weight_gradient,
    room_for,
    states_before,
    sum_of,
    weight_gradient,
)
from autograd.ops.trigonometric import tanh


@formula
def _lstm_gradients(
    g: Any,
    wanted: Any,
    x: Any,
    weight_ih: Any,
    bias: Any,
    h: Any,
    c: Any,
    weight_hh: Any,
    projection: Any,
    out: Any,
    scratch: Any,
) -> list[Any]:
    (g_outputs, g_cells), (outputs, cells) = g, out
    if isinstance(outputs, Variable):
        remembered = matmul(states_before(h, outputs), weight_hh.swapaxes(0, 1))
        scratch = _lstm_scratch(linear(x, weight_ih, bias) + remembered)
    steps: list[Any] = []
    room = room_for(x, *x.shape[:2], len(weight_ih))
    blocks = blocks_of(weight_hh, len(h), 4)
    g_hs: list[Any] = []
    g_h: Any = 0
    g_c: Any = 0
    upstream, slopes = backwards(g_outputs, g_cells, room), _lstm_slopes(scratch, c, cells)
    for (g_output, g_cell, room_t), (to_i, to_f, to_n, to_o, to_c, f) in zip(upstream, slopes):
        g_h = g_output + g_h
        g_hs.append(g_h)
        g_m = g_h if projection is None else matmul(g_h, projection)  # m is o * tanh(c)
        g_c = g_cell + g_c + g_m * to_c
        of_gates = (g_c * to_i, g_c * to_f, g_c * to_n, g_m * to_o)
        steps.append(_side_by_side(*of_gates, out=room_t))
        g_c = g_c * f
        g_h = _product_of_step(steps[-1], weight_hh, blocks=blocks)
    g_gates = in_order(steps, room)
    g_projection = None
    if wanted[6]:
        g_projection = weight_gradient(_stack(*g_hs[::-1], dim=0), scratch[3] * tanh(cells))
    return [
        matmul(g_gates, weight_ih) if wanted[0] else None,
        weight_gradient(g_gates, x) if wanted[1] else None,
        g_gates if wanted[2] else None,  # the bias was broadcast
        g_h,
        g_c,
        recurrent_weight_gradient(g_gates, h, outputs) if wanted[5] else None,
        g_projection,
    ]


def _lstm_slopes(scratch: Any, c: Any, cells: Any) -> Iterator[Any]:
    """For each step, the last one first, by what gradients are multiplied: to the gates i, f, n and
    o, from ``o * tanh(cell)`` to the cell, and from the cell to that before."""
    for steps in from_last_to_first(len(cells), c):
        i, f, n, o = scratch[:, steps]
        before, bent = states_before(c, cells, steps), tanh(cells[steps])
        of_c = (n * (i - i * i), before * (f - f * f), i * (1 - n * n))
        yield from backwards(*of_c, bent * (o - o * o), o * (1 - bent * bent), f)


def _lstm_scratch(gates: Any) -> Any:
    """What `_lstm` keeps, as a function that can be differentiated."""
    i, f, n, o = parts_of(gates, 4)
    return _stack(sigmoid(i), sigmoid(f), tanh(n), sigmoid(o), dim=0)


@primitive(joint=_lstm_gradients, holomorphic=False)
def _lstm(
    x: Array,
    weight_ih: Array,
    bias: Array,
    h: Array,
    c: Array,
    weight_hh: Array,
    projection: Array,
    scratch: Any,
) -> tuple[Array, ...]:
    """``scratch (4, time, batch, hidden)`` is filled with i, f, n and o, for the gradients (see
    `autograd.ops.recurrent._gru`). They take the place of the product with all inputs, which are
    the largest numbers here: it belongs to this operation so that they need not be there twice."""
    _check_affine(x, weight_ih, bias)
    check_recurrence(x, len(weight_ih), weight_hh, [h, c], 4)
    (batch, hidden), features = c.shape, x.shape[2]
    by_gate = weight_ih.reshape(4, hidden, features).swapaxes(1, 2)
    np.matmul(_rows(x, features), by_gate, out=scratch.reshape(4, len(x) * batch, hidden))
    outputs, cells = (np.empty_like(x, order="C", shape=(len(x), *s.shape)) for s in (h, c))
    product = product_into(weight_hh, batch, 4)
    project = None if projection is None else product_into(projection, batch, 1)
    shared = 0 if bias is None else bias.reshape(4, 1, hidden)
    gates = np.empty_like(x, order="C", shape=(4, batch, hidden))
    # Sigmoid is a tanh of another scale, (1 + tanh(x / 2)) / 2: one pass does all gates, in
    # float32 in two thirds of the time of 1 / (1 + exp(-x)).
    scale = np.full_like(x, 0.5, shape=(4, 1, 1))
    scale[2] = 1
    shift = 1 - scale
    for h_t, c_t, scratch_t in zip(outputs, cells, scratch.swapaxes(0, 1)):
        product(h, gates)
        gates += shared
        gates += scratch_t
        gates *= scale
        np.tanh(gates, out=gates)
        gates *= scale
        np.add(gates, shift, out=scratch_t)
        i, f, n, o = scratch_t
        np.multiply(f, c, out=c_t)
        c_t += i * n
        m = np.tanh(c_t, out=h_t if project is None else None)
        m *= o
        if project is not None:
            project(m, h_t[None])
        h, c = h_t, c_t
    return outputs, cells


def lstm(
    x: Any,
    h: Any,
    c: Any,
    weight_ih: Any,
    weight_hh: Any,
    bias_ih: Any = None,
    bias_hh: Any = None,
    weight_hr: Any = None,
) -> tuple[Any, Any]:
    """The outputs and the cells of a long short-term memory after each step, both ``(time, batch,
    hidden)``.

    Of the rows of the weights, a quarter each makes ``i``, ``f``, ``n`` and ``o`` (sigmoid, but
    tanh for ``n``); then ``c = f * c + i * n`` and ``h = o * tanh(c)`` (Hochreiter and Schmidhuber,
    1997; Gers et al., 2000). ``weight_hr (projected, hidden)`` makes the outputs and ``h``
    ``(..., projected)`` (Sak et al., 2014). Raises ShapeError, DTypeError.

    >>> import autograd
    >>> from autograd.ops.recurrent_lstm import lstm
    >>> weight, state = autograd.zeros(8, 2), autograd.ones(1, 2)
    >>> outputs, cells = lstm(autograd.ones(3, 1, 2), state, state, weight, weight)
    >>> cells[:, 0, 0].tolist()
    [0.5, 0.25, 0.125]
    """
    hidden = array_of(c).shape[-1:]
    if weight_hr is not None and array_of(weight_hr).shape != (*array_of(h).shape[-1:], *hidden):
        raise ShapeError(
            f"lstm: weight_hr must be (projected, hidden), got {array_of(weight_hr).shape} for h "
            f"{array_of(h).shape} and c {array_of(c).shape}"
        )
    bias = sum_of(bias_ih, bias_hh)
    scratch = room_for(x, 4, *array_of(x).shape[:1], *array_of(c).shape)
    outputs, cells = _lstm(x, weight_ih, bias, h, c, weight_hh, weight_hr, scratch=scratch)
    return outputs, cells
