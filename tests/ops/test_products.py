from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError
from autograd.ops import products as ops


def test_matmul_of_complex_matrices_has_the_gradient_of_pytorch(
    generator: np.random.Generator,
) -> None:
    torch = pytest.importorskip("torch")
    x, y, g = (generator.normal(size=(3, 3, 2)) @ [1, 1j] for _ in range(3))
    ours = [autograd.tensor(a, requires_grad=True) for a in (x, y)]
    theirs = [torch.tensor(a, requires_grad=True) for a in (x, y)]
    ops.matmul(*ours).backward(autograd.tensor(g))
    torch.matmul(*theirs).backward(torch.tensor(g))
    for a, b in zip(ours, theirs):
        np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy())


def test_beta_0_ignores_nan() -> None:
    x = autograd.tensor(np.full((2, 2), np.nan))
    eye = autograd.tensor(np.eye(2))
    assert ops.addmm(x, eye, eye, beta=0).tolist() == np.eye(2).tolist()


def test_integers_refuse_fractional_factors() -> None:
    ones = autograd.tensor(np.ones((2, 2), np.int64))
    with pytest.raises(DTypeError, match="beta and alpha must be integers"):
        ops.addmm(ones, ones, ones, alpha=0.5)
    assert ops.addmm(ones, ones, ones, alpha=2).tolist() == [[5, 5], [5, 5]]


def test_the_bias_of_linear_does_not_change(generator: np.random.Generator) -> None:
    x, weight, bias = (generator.normal(size=shape) for shape in ((2, 3), (4, 3), (4,)))
    before = bias.copy()
    tensors = [autograd.tensor(a) for a in (x, weight, bias)]
    assert ops.linear(*tensors).numpy() is not tensors[2].numpy()
    np.testing.assert_array_equal(tensors[2].numpy(), before)


def test_a_weight_gradient_is_contiguous(generator: np.random.Generator) -> None:
    weight = autograd.tensor(generator.normal(size=(4, 3)), requires_grad=True)
    ops.linear(autograd.tensor(generator.normal(size=(5, 2, 3))), weight).sum().backward()
    assert weight.grad.is_contiguous()
