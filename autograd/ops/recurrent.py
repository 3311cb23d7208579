"""Recurrent layers: what an Elman network, a GRU and an LSTM compute over a whole sequence.

Each is one product for the inputs of all time steps, and then a recurrence, which is one primitive
for all steps. Step by step, the graph would add up one gradient of the recurrent weight for each
step; over the whole sequence that gradient is a single product.

Shapes: inputs ``x (time, batch, features)``, states ``(batch, hidden)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, array_of
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import add
from autograd.ops.exponential import sigmoid
from autograd.ops.joining import _cat, _cat_gradients, _stack, unbind
from autograd.ops.products import _rows, linear, matmul
from autograd.ops.trigonometric import tanh

# -- what the recurrences share --------------------------------------------------------------------


def _check_recurrence(gates: Any, weight: Any, states: Sequence[Any], count: int) -> None:
    """Raise unless ``weight`` makes of a state ``count`` gates, and all fits ``gates``."""
    arrays = [gates, weight, *states]
    if len({array.dtype for array in arrays}) > 1:
        raise DTypeError("the inputs, the weights and the states must have one dtype")
    if gates.ndim != 3 or gates.shape[2] % count or not gates.shape[0]:
        raise ShapeError("needs inputs (time, batch, features) of at least one time step")
    batch, hidden = gates.shape[1], gates.shape[2] // count
    if weight.ndim != 2 or weight.shape[0] != gates.shape[2]:
        raise ShapeError(f"weight_hh must have {gates.shape[2]} rows, as weight_ih has")
    # The first state is what the weight is multiplied with; an LSTM may have projected it.
    sizes = [weight.shape[1], *[hidden] * (len(states) - 1)]
    if any(state.shape != (batch, size) for state, size in zip(states, sizes)):
        wanted = " and ".join(str((batch, size)) for size in sizes)
        raise ShapeError(f"the state at the start must be (batch, hidden): {wanted}")


_BLOCK = 32  # columns; a compromise between OpenBLAS's overhead for a call and its limit on a block
_SMALL_PRODUCT = 1_000_000  # multiplications


def _product_into(weight: Any, batch: int) -> Callable[[Any, Any], Any]:
    """A function ``(h, out)`` that writes ``h @ weight.T`` into ``out``.

    OpenBLAS rearranges the whole weight in every product, unless the product is small. Taking it in
    blocks of columns spares that: for a batch of 32, about a quarter less time.
    """
    rows, size = weight.shape
    if rows % _BLOCK or rows <= _BLOCK or batch * size * _BLOCK > _SMALL_PRODUCT:
        columns = np.ascontiguousarray(weight.T)
        return lambda h, out: np.matmul(h, columns, out=out)
    blocks = np.ascontiguousarray(weight.reshape(-1, _BLOCK, size).swapaxes(1, 2))
    return lambda h, out: np.matmul(
        h, blocks, out=out.reshape(batch, rows // _BLOCK, _BLOCK).swapaxes(0, 1)
    )


def _sigmoid_in_place(x: Any) -> None:
    """``(1 + tanh(x / 2)) / 2``: in float32 two thirds of the time of ``1 / (1 + exp(-x))``. Its
    absolute error is no larger, but a gate below the rounding unit becomes exactly 0."""
    x *= 0.5
    np.tanh(x, out=x)
    x *= 0.5
    x += 0.5


def _room(gates: Any, size: int) -> Any:
    """An array for ``size`` numbers where ``gates (time, batch, ...)`` has a step of a sequence."""
    array = array_of(gates)
    return np.empty_like(array, order="C", shape=(*array.shape[:-1], size))


def _parts(x: Any, count: int) -> list[Any]:
    """The last dim of ``x`` in ``count`` equal parts."""
    size = x.shape[-1] // count
    return [x[..., i * size : (i + 1) * size] for i in range(count)]


def _before(first: Any, states: Any) -> Any:
    """The state before each step: ``first``, then all ``states`` but the last."""
    return _cat(first.reshape((1, *first.shape)), states[:-1], dim=0)


def _backwards(*sequences: Any) -> Any:
    """The steps of several sequences together, the last first."""
    return zip(*(unbind(sequence)[::-1] for sequence in sequences))


@primitive(joint=lambda g, wanted, parts_shape: _cat_gradients(g, wanted, parts_shape, 1))
def _beside(*parts: Array, out: Any) -> Array:
    """The ``parts`` of one step side by side; written into the array ``out``."""
    return np.concatenate(parts, 1, out)


def _in_order(steps: list[Any], room: Any) -> Any:
    """As one sequence the ``steps`` that were made from the last to the first. Arrays were written
    into ``room`` at once."""
    return _stack(*steps[::-1], dim=0) if isinstance(steps[0], Variable) else room


def _weight_gradient(g: Any, x: Any) -> Any:
    """The gradient by ``weight`` of ``x @ weight.T``, given ``g`` for every step."""
    return matmul(_rows(g, g.shape[-1]).swapaxes(0, 1), _rows(x, x.shape[-1]))


# -- Elman's network -------------------------------------------------------------------------------


def _rnn_gradients(g: Any, wanted: Any, weight: Any, h: Any, out: Any, relu: bool) -> list[Any]:
    slopes = out != 0 if relu else 1 - out * out
    steps: list[Any] = []
    room = _room(g, weight.shape[0])
    carried: Any = 0
    for g_t, slope, room_t in _backwards(g, slopes, room):
        steps.append(_beside((g_t + carried) * slope, out=room_t))
        carried = matmul(steps[-1], weight)
    g_gates = _in_order(steps, room)
    g_weight = _weight_gradient(g_gates, _before(h, out)) if wanted[1] else None
    return [g_gates, g_weight, carried]


@primitive(joint=_rnn_gradients)
def _rnn(gates: Array, weight: Array, h: Array, relu: bool) -> Array:
    _check_recurrence(gates, weight, [h], 1)
    out = np.empty_like(gates, order="C")
    product = _product_into(weight, len(h))
    for gate, h_t in zip(gates, out):
        product(h, h_t)
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
    gates = linear(x, weight_ih, _sum_of(bias_ih, bias_hh))
    return _rnn(gates, weight_hh, h, relu=nonlinearity == "relu")


def _sum_of(bias: Any, other: Any) -> Any:
    """The sum of two biases, either of which may be None."""
    if bias is None or other is None:
        return other if bias is None else bias
    return add(bias, other)


# -- the gated recurrent unit ----------------------------------------------------------------------


def _gru_gradients(
    g: Any, wanted: Any, gates: Any, weight: Any, bias: Any, h: Any, out: Any, scratch: Any
) -> list[Any]:
    before = _before(h, out)
    if isinstance(gates, Variable):
        scratch = _gru_scratch(gates, linear(before, weight, bias))
    steps: list[Any] = []  # the gradients by the gates
    products: list[Any] = []  # and by ``h @ weight.T + bias``
    rooms = [_room(g, weight.shape[0]) for _ in range(2)]
    carried: Any = 0
    for g_t, h_t, scratch_t, room_t, other_t in _backwards(g, before, scratch, *rooms):
        r, z, n, product = _parts(scratch_t, 4)
        g_h = g_t + carried
        carried = g_h * z
        g_n = (g_h - carried) * (1 - n * n)
        g_product = g_n * r
        g_r = g_product * product * (1 - r)
        g_z = carried * (h_t - n) * (1 - z)
        steps.append(_beside(g_r, g_z, g_n, out=room_t))
        products.append(_beside(g_r, g_z, g_product, out=other_t))
        carried = carried + matmul(products[-1], weight)
    g_products = _in_order(products, rooms[1])
    return [
        _in_order(steps, rooms[0]),
        _weight_gradient(g_products, before) if wanted[1] else None,
        g_products if wanted[2] else None,
        carried,
    ]


def _gru_scratch(gates: Any, products: Any) -> Any:
    """What `_gru` keeps, as a function that can be differentiated."""
    (gate_r, gate_z, gate_n), (of_r, of_z, of_n) = _parts(gates, 3), _parts(products, 3)
    r = sigmoid(gate_r + of_r)
    return _cat(r, sigmoid(gate_z + of_z), tanh(gate_n + r * of_n), of_n, dim=2)


@primitive(joint=_gru_gradients)
def _gru(gates: Array, weight: Array, bias: Array, h: Array, scratch: Any) -> Array:
    """``scratch (time, batch, 4 * hidden)`` is filled with r, z, n and what r is multiplied with,
    for the gradients.

    It could be a second output, but then an ordinary backward would make, add and pass on a
    gradient of it that is all zeros. Instead the rule reads it as it is, and under
    ``create_graph``, where it would be a constant, computes it anew from the arguments.
    """
    _check_recurrence(gates, weight, [h], 3)
    batch, hidden = h.shape
    out = np.empty_like(gates, shape=(len(gates), batch, hidden))
    products = np.empty_like(gates, shape=(batch, 3 * hidden))
    multiply = _product_into(weight, batch)
    for gate, h_t, scratch_t in zip(gates, out, scratch):
        multiply(h, products)
        if bias is not None:
            products += bias
        r, z, n, product = _parts(scratch_t, 4)
        both = scratch_t[:, : 2 * hidden]
        np.add(gate[:, : 2 * hidden], products[:, : 2 * hidden], out=both)
        _sigmoid_in_place(both)
        product[...] = products[:, 2 * hidden :]
        np.multiply(r, product, out=n)
        n += gate[:, 2 * hidden :]
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
    return _gru(gates, weight_hh, bias_hh, h, scratch=_room(gates, 4 * array_of(h).shape[-1]))


# -- the long short-term memory --------------------------------------------------------------------


def _lstm_gradients(
    g: Any,
    wanted: Any,
    gates: Any,
    weight: Any,
    h: Any,
    c: Any,
    projection: Any,
    out: Any,
    scratch: Any,
) -> list[Any]:
    (g_outputs, g_cells), (outputs, cells) = g, out
    if isinstance(gates, Variable):
        scratch = _lstm_scratch(gates + matmul(_before(h, outputs), weight.swapaxes(0, 1)))
    steps: list[Any] = []
    room = _room(gates, weight.shape[0])
    g_hs: list[Any] = []
    g_h: Any = 0
    g_c: Any = 0
    sequences = (g_outputs, g_cells, scratch, cells, _before(c, cells), room)
    for g_output, g_cell, scratch_t, c_t, c_before, room_t in _backwards(*sequences):
        i, f, n, o = _parts(scratch_t, 4)
        not_i, not_f, _, not_o = _parts(1 - scratch_t, 4)
        bent = tanh(c_t)
        g_h = g_output + g_h
        g_hs.append(g_h)
        g_m = o * (g_h if projection is None else matmul(g_h, projection))  # m is o * bent
        g_c = g_cell + g_c + g_m * (1 - bent * bent)
        g_n = g_c * i
        g_i = g_n * n * not_i
        g_n = g_n * (1 - n * n)
        g_c = g_c * f
        g_f = g_c * c_before * not_f
        g_o = g_m * bent * not_o
        steps.append(_beside(g_i, g_f, g_n, g_o, out=room_t))
        g_h = matmul(steps[-1], weight)
    g_gates = _in_order(steps, room)
    g_projection = None
    if wanted[4]:
        m = _parts(scratch, 4)[3] * tanh(cells)
        g_projection = _weight_gradient(_stack(*g_hs[::-1], dim=0), m)
    return [
        g_gates,
        _weight_gradient(g_gates, _before(h, outputs)) if wanted[1] else None,
        g_h,
        g_c,
        g_projection,
    ]


def _lstm_scratch(gates: Any) -> Any:
    """What `_lstm` keeps, as a function that can be differentiated."""
    i, f, n, o = _parts(gates, 4)
    return _cat(sigmoid(i), sigmoid(f), tanh(n), sigmoid(o), dim=2)


@primitive(joint=_lstm_gradients, holomorphic=False)
def _lstm(
    gates: Array, weight: Array, h: Array, c: Array, projection: Array, scratch: Any
) -> tuple[Array, ...]:
    """``scratch (time, batch, 4 * hidden)`` is filled with i, f, n and o, for the gradients (see
    `_gru`)."""
    _check_recurrence(gates, weight, [h, c], 4)
    batch, hidden = c.shape
    outputs = np.empty_like(gates, shape=(len(gates), *h.shape))
    cells = np.empty_like(gates, shape=(len(gates), *c.shape))
    product = _product_into(weight, batch)
    project = None if projection is None else _product_into(projection, batch)
    # Sigmoid is a tanh of another scale: one pass does all gates.
    scale = np.full_like(gates, 0.5, shape=(batch, 4 * hidden))
    scale[:, 2 * hidden : 3 * hidden] = 1
    shift = 1 - scale
    for gate, h_t, c_t, scratch_t in zip(gates, outputs, cells, scratch):
        product(h, scratch_t)
        scratch_t += gate
        scratch_t *= scale
        np.tanh(scratch_t, out=scratch_t)
        scratch_t *= scale
        scratch_t += shift
        i, f, n, o = _parts(scratch_t, 4)
        np.multiply(f, c, out=c_t)
        c_t += i * n
        m = np.tanh(c_t, out=h_t if project is None else None)
        m *= o
        if project is not None:
            project(m, h_t)
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
    >>> from autograd.ops.recurrent import lstm
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
    gates = linear(x, weight_ih, _sum_of(bias_ih, bias_hh))
    scratch = _room(gates, array_of(gates).shape[-1])
    outputs, cells = _lstm(gates, weight_hh, h, c, weight_hr, scratch=scratch)
    return outputs, cells
