"""What an operation does besides computing: record a graph, watch for NaN, which dtype a Python
float gets.

All of it is context-local (a `contextvars.ContextVar`): a thread or an asyncio task that changes a
mode changes it for itself alone."""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator
from contextvars import ContextVar
from types import CodeType, TracebackType
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast

import numpy as np

P = ParamSpec("P")
R = TypeVar("R")


class Modes(NamedTuple):
    """The settings of one context."""

    grad: bool = True
    inference: bool = False
    anomaly: bool = False
    default_dtype: np.dtype[Any] = np.dtype(np.float32)


_DEFAULTS = Modes()  # immutable, as the default of a context variable must be
modes: ContextVar[Modes] = ContextVar("autograd_modes", default=_DEFAULTS)


def change(**settings: Any) -> None:
    """Give the current context these settings."""
    modes.set(modes.get()._replace(**settings))


class Mode:
    """Settings in force inside a ``with`` block or a decorated function; the same object may be
    entered repeatedly."""

    def __init__(self, **settings: Any) -> None:
        self._settings = settings
        self._previous: list[Modes] = []

    def __enter__(self) -> None:
        self._previous.append(modes.get())
        change(**self._settings)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        previous = self._previous.pop()
        change(**{name: getattr(previous, name) for name in self._settings})

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """``function``, run with these settings; a generator function has them whenever it runs."""
        settings = self._settings

        @functools.wraps(function)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            with Mode(**settings):
                result = function(*args, **kwargs)
            return cast(R, _generate(result, settings)) if is_generator else result

        is_generator = _is_generator(getattr(function, "__code__", None))
        return wrapped


def _is_generator(code: CodeType | None) -> bool:
    generator_flag = 0x20  # inspect.CO_GENERATOR; importing inspect would cost 10 ms
    return code is not None and bool(code.co_flags & generator_flag)


def _generate(generator: Any, settings: dict[str, Any]) -> Generator[Any, Any, Any]:
    """The items of ``generator``, each computed with ``settings``, which its consumer does not see.

    What the consumer sends or throws, and its closing, reach ``generator`` with these settings.
    """
    resume, value = generator.send, None
    try:
        while True:
            with Mode(**settings):
                item = resume(value)
            try:
                value = yield item
                resume = generator.send
            except GeneratorExit:
                with Mode(**settings):
                    generator.close()
                raise
            except BaseException as error:
                resume, value = generator.throw, error
    except StopIteration as stop:
        return stop.value


class _PlainMode(Mode):
    """A mode without parameters, which also decorates without parentheses: ``@no_grad``."""

    def __new__(cls, function: Callable[P, R] | None = None) -> Any:
        return super().__new__(cls) if function is None else cls()(function)


class no_grad(_PlainMode):
    """Record nothing inside: a context manager and a decorator.

    >>> import autograd
    >>> x = autograd.ones(2, requires_grad=True)
    >>> with autograd.no_grad():
    ...     (x * 2).requires_grad
    False
    """

    def __init__(self) -> None:
        super().__init__(grad=False)


class enable_grad(_PlainMode):
    """Record again, inside a `no_grad` block: a context manager and a decorator."""

    def __init__(self) -> None:
        super().__init__(grad=True)


class inference_mode(Mode):
    """`no_grad`, under the name that PyTorch gives to its faster form.

    There is nothing here that it could leave out, so the results are ordinary tensors.
    ``inference_mode(False)`` records.
    """

    def __init__(self, mode: bool = True) -> None:
        super().__init__(grad=not mode, inference=mode)


class set_grad_enabled(Mode):
    """Switch recording on or off at once; as a context manager, until the end of the block.

    >>> import autograd
    >>> with autograd.set_grad_enabled(False):
    ...     autograd.is_grad_enabled()
    False
    """

    def __init__(self, mode: bool) -> None:
        super().__init__(grad=bool(mode))
        self._before = modes.get()
        change(grad=bool(mode))

    def __enter__(self) -> None:
        self._previous.append(self._before)
        change(**self._settings)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """``function``, run with this setting, which the caller then no longer has."""
        change(grad=self._before.grad)
        return super().__call__(function)


class detect_anomaly(Mode):
    """Stop at the first NaN or infinity of a recorded operation or of its gradient, and say where
    it was recorded.

    Raises AnomalyError. Slow: for finding an error, not for training.
    """

    def __init__(self) -> None:
        super().__init__(anomaly=True)


def is_grad_enabled() -> bool:
    """Whether operations are being recorded in this context."""
    return modes.get().grad


def is_inference_mode_enabled() -> bool:
    """Whether this context is inside `inference_mode`."""
    return modes.get().inference
