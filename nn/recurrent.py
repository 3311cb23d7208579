"""Recurrent networks over whole sequences: `RNN`, `LSTM` and `GRU`."""

from __future__ import annotations

import warnings
from math import sqrt
from typing import Any, ClassVar

import numpy as np

from autograd.core.variable import array_of
from autograd.errors import DTypeError, ShapeError
from autograd.ops.joining import cat, stack
from autograd.ops.rearranging import flip
from autograd.ops.recurrent import gru, rnn
from autograd.ops.recurrent_lstm import lstm
from nn import functional as F, init
from nn.module import Module
from nn.parameter import Parameter, empty_parameter
from nn.utils.rnn import PackedSequence, padded_by_length, repacked

_GATES = {"RNN_TANH": 1, "RNN_RELU": 1, "GRU": 3, "LSTM": 4}
_KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")


class RNNBase(Module):
    """Layers of a recurrent network on top of each other, each in one or both directions.

    ``mode``: "RNN_TANH", "RNN_RELU", "GRU" or "LSTM". Subclasses say in ``_layer`` what one layer
    computes in one direction.
    """

    _states: ClassVar[tuple[str, ...]] = ("h_0",)

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if mode not in _GATES:
            raise ShapeError(f"RNNBase: mode must be one of {', '.join(_GATES)}, got {mode!r}")
        name = type(self).__name__
        _check_flags(name, bias=bias, batch_first=batch_first)
        _check_sizes(name, input_size=input_size, hidden_size=hidden_size, num_layers=num_layers)
        _check_dropout(name, dropout, num_layers)
        if not 0 <= proj_size < hidden_size or (proj_size and mode != "LSTM"):
            raise ShapeError(
                f"{name}: proj_size must be from 0, for none, to below hidden_size {hidden_size}, "
                f"and only an LSTM has it; got {proj_size}"
            )
        self.mode, self.input_size, self.hidden_size = mode, input_size, hidden_size
        self.num_layers, self.bias, self.batch_first = num_layers, bias, batch_first
        self.dropout, self.bidirectional, self.proj_size = float(dropout), bidirectional, proj_size
        for layer in range(num_layers):
            for suffix in self._suffixes(layer):
                for kind, shape in self._shapes(layer).items():
                    setattr(self, f"{kind}_{suffix}", empty_parameter(shape, device, dtype))
        self.reset_parameters()

    # -- its parameters ----------------------------------------------------------------------------

    def _suffixes(self, layer: int) -> list[str]:
        """What the names of a layer's parameters end in, for each of its directions."""
        return [f"l{layer}", f"l{layer}_reverse"][: 2 if self.bidirectional else 1]

    def _shapes(self, layer: int) -> dict[str, tuple[int, ...]]:
        """The shapes of the parameters of one direction of a layer, by kind."""
        rows, outputs = _GATES[self.mode] * self.hidden_size, self.proj_size or self.hidden_size
        inputs = outputs * (2 if self.bidirectional else 1) if layer else self.input_size
        shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, inputs)}
        shapes["weight_hh"] = (rows, outputs)
        if self.bias:
            shapes["bias_ih"] = shapes["bias_hh"] = (rows,)
        if self.proj_size:
            shapes["weight_hr"] = (self.proj_size, self.hidden_size)
        return shapes

    @property
    def all_weights(self) -> list[list[Parameter]]:
        """The parameters of each layer and direction."""
        return [
            [getattr(self, f"{kind}_{suffix}") for kind in self._shapes(layer)]
            for layer in range(self.num_layers)
            for suffix in self._suffixes(layer)
        ]

    def reset_parameters(self) -> None:
        """Draw weights and biases anew, uniform in ``±1 / sqrt(hidden_size)``."""
        bound = 1 / sqrt(self.hidden_size)
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)

    def flatten_parameters(self) -> None:
        """Do nothing: there is no GPU whose library wants the weights in one piece. Programs call
        this."""

    # -- what it computes --------------------------------------------------------------------------

    def forward(self, x: Any, hx: Any = None) -> tuple[Any, Any]:
        if isinstance(x, PackedSequence):
            return self._forward_packed(x, hx)
        self._check_input(x, (2, 3))
        if array_of(x).ndim == 2:
            outputs, finals = self._run(x.unsqueeze(1), self._start(x, hx, ()))
            return outputs.squeeze(1), self._given([final.squeeze(1) for final in finals])
        steps = x.transpose(0, 1) if self.batch_first else x
        outputs, finals = self._run(steps, self._start(x, hx, (steps.shape[1],)))
        return outputs.transpose(0, 1) if self.batch_first else outputs, self._given(finals)

    def _forward_packed(self, x: PackedSequence, hx: Any) -> tuple[PackedSequence, Any]:
        """Padded, and without looking at what becomes of the padding."""
        self._check_input(x.data, (2,))
        padded, lengths = padded_by_length(x)
        states = self._start(x.data, hx, lengths.shape)
        if x.sorted_indices is not None:
            states = [state[:, x.sorted_indices] for state in states]
        outputs, finals = self._run(padded, states, lengths)
        if x.unsorted_indices is not None:
            finals = [final[:, x.unsorted_indices] for final in finals]
        return repacked(outputs, x), self._given(finals)

    def _run(self, x: Any, states: list[Any], lengths: Any = None) -> tuple[Any, list[Any]]:
        """The outputs ``(time, batch, features)`` of the last layer, and the states ``(layers *
        directions, batch, size)`` at the end of the sequences."""
        finals: list[list[Any]] = []
        for layer in range(self.num_layers):
            directions = []
            for suffix in self._suffixes(layer):
                backward = suffix.endswith("reverse")
                start = [state[len(finals)] for state in states]
                weights = [getattr(self, f"{kind}_{suffix}", None) for kind in _KINDS]
                sequences = self._layer(_turned(x, lengths) if backward else x, start, weights)
                finals.append([_last(sequence, lengths) for sequence in sequences])
                outputs = sequences[0]
                directions.append(_turned(outputs, lengths) if backward else outputs)
            x = cat(directions, -1) if self.bidirectional else directions[0]
            if self.dropout and layer < self.num_layers - 1:
                x = F.dropout(x, self.dropout, self.training)
        return x, [stack(final) for final in zip(*finals)]

    def _layer(self, x: Any, start: list[Any], weights: list[Any]) -> tuple[Any, ...]:
        """The states of one layer in one direction after each step; the first is its output."""
        raise NotImplementedError(f"{type(self).__name__}: has no _layer")

    # -- what it is given --------------------------------------------------------------------------

    def _check_input(self, x: Any, dims: tuple[int, ...]) -> None:
        name, weight = type(self).__name__, self.all_weights[0][0]
        if array_of(x).ndim not in dims or x.shape[-1] != self.input_size:
            order = "batch, time" if self.batch_first else "time, batch"
            size = self.input_size
            raise ShapeError(
                f"{name}: needs x ({order}, {size}), or (time, {size}) without batch, its "
                f"input_size last; got {x.shape}"
            )
        if x.dtype != weight.dtype:
            raise ShapeError(  # a ValueError, as in PyTorch
                f"{name}: x is {x.dtype} but the weights are {weight.dtype}; convert one of them: "
                f"x.to('{weight.dtype}')"
            )

    def _start(self, x: Any, hx: Any, batch: tuple[int, ...]) -> list[Any]:
        """The states at the start, each ``(layers * directions, batch, size)``; zeros for None."""
        name, count = type(self).__name__, self.num_layers * len(self._suffixes(0))
        sizes = (self.proj_size or self.hidden_size, self.hidden_size)
        shapes = [(count, *batch, size) for size in sizes[: len(self._states)]]
        if hx is None:
            given = [x.new_zeros(shape) for shape in shapes]
        else:
            given = list(hx) if isinstance(hx, (tuple, list)) else [hx]
        if [tuple(state.shape) for state in given] != shapes:
            wanted = ", ".join(f"{state} {shape}" for state, shape in zip(self._states, shapes))
            raise ShapeError(
                f"{name}: the state at the start must be {wanted} for this input (layers * "
                f"directions first); got {', '.join(str(state.shape) for state in given)}"
            )
        return given if batch else [state.unsqueeze(1) for state in given]

    def _given(self, finals: list[Any]) -> Any:
        """The states in the form in which `forward` takes and returns them."""
        return finals[0] if len(self._states) == 1 else tuple(finals)

    def extra_repr(self) -> str:
        defaults = {
            "proj_size": 0,
            "num_layers": 1,
            "bias": True,
            "batch_first": False,
            "dropout": 0.0,
            "bidirectional": False,
        }
        shown = [str(self.input_size), str(self.hidden_size)]
        for name, default in defaults.items():
            if getattr(self, name) != default:
                shown.append(f"{name}={getattr(self, name)}")
        return ", ".join(shown)


def _turned(x: Any, lengths: Any) -> Any:
    """The steps of each sequence in ``x (time, batch, ...)`` in reverse; padding stays behind."""
    if lengths is None:
        return flip(x, 0)
    steps = np.arange(len(x))[:, None]
    return x[np.where(steps < lengths, lengths - 1 - steps, steps), np.arange(len(lengths))]


def _last(x: Any, lengths: Any) -> Any:
    """The last step of each sequence in ``x (time, batch, ...)``."""
    return x[-1] if lengths is None else x[lengths - 1, np.arange(len(lengths))]


def _check_flags(name: str, **flags: Any) -> None:
    for flag, value in flags.items():
        if not isinstance(value, bool):
            raise DTypeError(f"{name}: {flag} must be True or False, got {value!r}")


def _check_sizes(name: str, **sizes: Any) -> None:
    for size, value in sizes.items():
        if not isinstance(value, int):
            raise DTypeError(f"{name}: {size} must be an int, got {type(value).__name__}")
        if value <= 0:
            raise ShapeError(f"{name}: {size} must be at least 1, got {value}")


def _check_dropout(name: str, dropout: Any, num_layers: int) -> None:
    if isinstance(dropout, bool) or not isinstance(dropout, (int, float)) or not 0 <= dropout <= 1:
        raise ShapeError(f"{name}: dropout must be a number between 0 and 1, got {dropout!r}")
    if dropout and num_layers == 1:
        warnings.warn(
            f"{name}: dropout={dropout} comes between layers, and num_layers=1 has nothing between "
            "them, so it does nothing; use more layers, or nn.Dropout after this one",
            stacklevel=4,
        )


class RNN(RNNBase):
    """Elman's network: ``h = tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)`` at each
    step.

    Takes ``x (time, batch, input_size)`` (``(batch, time, input_size)`` with ``batch_first``;
    ``(time, input_size)`` without batch; or a `PackedSequence`) and the state ``h_0 (layers *
    directions, batch, hidden_size)``, by default zeros. Returns the outputs of the last layer
    ``(time, batch, directions * hidden_size)``, and the last state. ``dropout`` is that of the
    outputs of all layers but the last. ``nonlinearity``: "tanh" or "relu".

    >>> import autograd, nn
    >>> outputs, h = nn.RNN(3, 5, num_layers=2, bidirectional=True)(autograd.ones(7, 4, 3))
    >>> outputs.shape, h.shape
    ((7, 4, 10), (4, 4, 5))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ShapeError(f"RNN: nonlinearity must be 'tanh' or 'relu', got {nonlinearity!r}")
        self.nonlinearity = nonlinearity
        super().__init__(
            f"RNN_{nonlinearity.upper()}",
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            device=device,
            dtype=dtype,
        )

    def _layer(self, x: Any, start: list[Any], weights: list[Any]) -> tuple[Any, ...]:
        return (rnn(x, *start, *weights[:4], nonlinearity=self.nonlinearity),)


class LSTM(RNNBase):
    """The long short-term memory (`autograd.ops.recurrent_lstm.lstm` has its formulas).

    Arguments and results are as in `RNN`, but that the state is a pair ``(h, c)``. ``proj_size``:
    the outputs and ``h`` are projected to that many features.

    >>> import autograd, nn
    >>> outputs, (h, c) = nn.LSTM(3, 5)(autograd.ones(7, 4, 3))
    >>> outputs.shape, h.shape, c.shape
    ((7, 4, 5), (1, 4, 5), (1, 4, 5))
    """

    _states = ("h_0", "c_0")

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            "LSTM",
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            proj_size,
            device,
            dtype,
        )

    def _layer(self, x: Any, start: list[Any], weights: list[Any]) -> tuple[Any, ...]:
        return lstm(x, *start, *weights)


class GRU(RNNBase):
    """The gated recurrent unit (`autograd.ops.recurrent.gru` has its formulas).

    Arguments and results are as in `RNN`.

    >>> import autograd, nn
    >>> outputs, h = nn.GRU(3, 5, batch_first=True)(autograd.ones(4, 7, 3))
    >>> outputs.shape, h.shape
    ((4, 7, 5), (1, 4, 5))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            "GRU",
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            device=device,
            dtype=dtype,
        )

    def _layer(self, x: Any, start: list[Any], weights: list[Any]) -> tuple[Any, ...]:
        return (gru(x, *start, *weights[:4]),)
