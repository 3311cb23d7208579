"""Grad mode, inference mode, the default dtype: as blocks, decorators, and in their own context."""

from __future__ import annotations

import contextvars
from collections.abc import Iterator
from typing import Any

import pytest

import autograd
from autograd.errors import DTypeError

x = autograd.ones(2, requires_grad=True)


def recording() -> bool:
    assert (x * 2).requires_grad == autograd.is_grad_enabled()
    return autograd.is_grad_enabled()


@pytest.mark.parametrize(
    ("mode", "inside"),
    [
        (autograd.no_grad, False),
        (autograd.enable_grad, True),
        (autograd.inference_mode, False),
        (lambda: autograd.inference_mode(False), True),
    ],
)
def test_a_block(mode: Any, inside: bool) -> None:
    with mode():
        assert recording() == inside
    assert recording()
    with pytest.raises(KeyError), mode():
        raise KeyError
    assert recording()


def test_blocks_in_blocks() -> None:
    with autograd.no_grad():
        with autograd.enable_grad():
            assert recording()
            with autograd.no_grad():
                assert not recording()
            assert recording()
        assert not recording()
    assert recording()


def test_one_object_entered_repeatedly() -> None:
    mode = autograd.no_grad()
    with mode, autograd.enable_grad(), mode:
        assert not recording()
    assert recording()
    with mode:
        assert not recording()


@pytest.mark.parametrize(
    "decorate", [autograd.no_grad, autograd.no_grad(), autograd.inference_mode()]
)
def test_a_decorated_function(decorate: Any) -> None:
    @decorate
    def function(a: int, *, b: int) -> tuple[int, int, bool]:
        """It has a docstring."""
        return a, b, recording()

    assert function(1, b=2) == (1, 2, False)
    assert function.__name__ == "function"
    assert function.__doc__ == "It has a docstring."
    assert recording()


def test_a_decorated_recursive_function() -> None:
    @autograd.no_grad()
    def count(n: int) -> int:
        assert not recording()
        return 0 if n == 0 else 1 + count(n - 1)

    assert count(5) == 5
    assert recording()


def test_a_decorated_generator_has_the_mode_only_while_it_runs() -> None:
    @autograd.no_grad()
    def generate() -> Iterator[Any]:
        try:
            received = yield recording()
            yield received, recording()
        except ValueError:
            yield "caught", recording()
        return "done"

    generator = generate()
    assert next(generator) is False
    assert recording()
    assert generator.send("sent") == ("sent", False)
    assert recording()
    with pytest.raises(StopIteration, match="done"):
        next(generator)
    thrower = generate()
    next(thrower)
    assert thrower.throw(ValueError) == ("caught", False)
    assert recording()


def test_closing_a_decorated_generator_closes_it() -> None:
    closed = []

    @autograd.no_grad()
    def generate() -> Iterator[int]:
        try:
            yield 1
        finally:
            closed.append(recording())

    generator = generate()
    next(generator)
    generator.close()
    assert closed == [False]
    assert recording()


def test_set_grad_enabled_takes_effect_at_once() -> None:
    autograd.set_grad_enabled(False)
    assert not recording()
    autograd.set_grad_enabled(True)
    assert recording()


def test_set_grad_enabled_as_a_block_and_as_a_decorator() -> None:
    for enabled in (False, True):
        with autograd.set_grad_enabled(enabled):
            assert recording() == enabled
        assert recording()

        @autograd.set_grad_enabled(enabled)
        def function() -> bool:
            return recording()

        assert recording()
        assert function() == enabled
        assert recording()


def test_inference_mode_tells() -> None:
    assert not autograd.is_inference_mode_enabled()
    with autograd.inference_mode():
        assert autograd.is_inference_mode_enabled()
    assert not autograd.is_inference_mode_enabled()


def test_what_was_computed_without_recording_is_a_constant() -> None:
    with autograd.no_grad():
        y = x * 2
    assert y.is_leaf
    (out,) = autograd.grad((x * y).sum(), x)
    assert out.tolist() == [2.0, 2.0]


def test_a_leaf_made_under_no_grad_may_require_grad() -> None:
    with autograd.no_grad():
        leaf = autograd.ones(2, requires_grad=True)
    assert (leaf * 2).requires_grad


def test_backward_works_under_no_grad_and_create_graph_records_there() -> None:
    y = autograd.tensor(2.0, requires_grad=True)
    out = y * y * y
    with autograd.no_grad():
        (first,) = autograd.grad(out, y, create_graph=True)
        assert first.requires_grad
        assert not autograd.is_grad_enabled()
    assert autograd.grad(first, y)[0].item() == 12.0


def test_the_default_dtype() -> None:
    assert autograd.get_default_dtype() == autograd.float32
    autograd.set_default_dtype(autograd.float64)
    try:
        assert autograd.tensor(1.5).dtype == autograd.float64
        assert autograd.zeros(2).dtype == autograd.float64
        assert contextvars.Context().run(autograd.get_default_dtype) == autograd.float32
    finally:
        autograd.set_default_dtype("float32")
    for wrong in ("int64", "complex64", "text"):
        with pytest.raises(DTypeError):
            autograd.set_default_dtype(wrong)


def test_every_mode_is_local_to_its_context() -> None:
    with autograd.no_grad(), autograd.detect_anomaly():
        assert contextvars.Context().run(recording)
    context = contextvars.copy_context()
    context.run(autograd.set_grad_enabled, False)
    assert recording()
    assert not context.run(recording)
