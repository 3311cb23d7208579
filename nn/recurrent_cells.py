"""One step of a recurrent network: `RNNCell`, `LSTMCell` and `GRUCell`."""

from __future__ import annotations

from math import sqrt
from typing import Any

from autograd._tensor import Tensor
from autograd.core.variable import array_of
from autograd.errors import DTypeError, ShapeError
from autograd.ops.recurrent import gru, rnn
from autograd.ops.recurrent_lstm import lstm
from nn import init
from nn.module import Module
from nn.parameter import empty_parameter


class RNNCellBase(Module):
    """The weights of a cell with ``num_chunks`` gates, and the checks of what it is given."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool,
        num_chunks: int,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        rows = num_chunks * hidden_size
        self.weight_ih = empty_parameter((rows, input_size), device, dtype)
        self.weight_hh = empty_parameter((rows, hidden_size), device, dtype)
        self.bias_ih = empty_parameter((rows,), device, dtype) if bias else None
        self.bias_hh = empty_parameter((rows,), device, dtype) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weights and biases anew, uniform in ``±1 / sqrt(hidden_size)``."""
        bound = 1 / sqrt(self.hidden_size) if self.hidden_size else 0.0
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)

    def extra_repr(self) -> str:
        bias = "" if self.bias is True else f", bias={self.bias}"
        return f"{self.input_size}, {self.hidden_size}{bias}"

    def _weights(self) -> tuple[Any, ...]:
        return self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh

    def _prepared(self, x: Any, *states: Any) -> list[Any]:
        """``x`` as one time step of a batch, and each of ``states``, zeros for None, as a batch."""
        name, size = type(self).__name__, self.input_size
        if array_of(x).ndim not in (1, 2) or x.shape[-1] != size:
            raise ShapeError(
                f"{name}: needs x (batch, {size}) or ({size},), its input_size last; got {x.shape}"
            )
        shape = (*x.shape[:-1], self.hidden_size)
        if any(state is not None and array_of(state).shape != shape for state in states):
            got = ", ".join(str(state.shape) for state in states if state is not None)
            raise ShapeError(f"{name}: the state for x {x.shape} must be {shape}, got {got}")
        tensors = [x, *(x.new_zeros(shape) if state is None else state for state in states)]
        x, *rows = tensors if x.ndim == 2 else [tensor.unsqueeze(0) for tensor in tensors]
        return [x.unsqueeze(0), *rows]


class RNNCell(RNNCellBase):
    """``tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)``: x ``(batch, input_size)``
    and h ``(batch, hidden_size)``, both with or without batch.

    ``nonlinearity``: "tanh" or "relu". The state is zeros by default.

    >>> import autograd, nn
    >>> nn.RNNCell(3, 5)(autograd.ones(2, 3)).shape
    (2, 5)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, x: Tensor, hx: Tensor | None = None) -> Any:
        step, h = self._prepared(x, hx)
        states = rnn(step, h, *self._weights(), nonlinearity=self.nonlinearity)
        return states.reshape(*x.shape[:-1], self.hidden_size)

    def extra_repr(self) -> str:
        other = "" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity}"
        return super().extra_repr() + other


class LSTMCell(RNNCellBase):
    """One step of an `LSTM`: ``x, (h, c)`` to the next ``(h, c)``, with or without batch.

    The states are zeros by default.

    >>> import autograd, nn
    >>> h, c = nn.LSTMCell(3, 5)(autograd.ones(2, 3))
    >>> h.shape, c.shape
    ((2, 5), (2, 5))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, x: Tensor, hx: Any = None) -> tuple[Any, Any]:
        if hx is not None and (not isinstance(hx, (tuple, list)) or len(hx) != 2):
            raise DTypeError("LSTMCell: the state is a pair (h, c) of tensors")
        h, c = lstm(*self._prepared(x, *hx or (None, None)), *self._weights())
        shape = (*x.shape[:-1], self.hidden_size)
        return h.reshape(shape), c.reshape(shape)


class GRUCell(RNNCellBase):
    """One step of a `GRU`: ``x`` and ``h`` to the next ``h``, with or without batch.

    The state is zeros by default.

    >>> import autograd, nn
    >>> nn.GRUCell(3, 5)(autograd.ones(3)).shape
    (5,)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, x: Tensor, hx: Tensor | None = None) -> Any:
        states = gru(*self._prepared(x, hx), *self._weights())
        return states.reshape(*x.shape[:-1], self.hidden_size)
