"""Every row of docs/subgradients.md: the choices made where there is no derivative."""

from __future__ import annotations

import math
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import autograd
from nn import functional

PAGE = Path(__file__).parents[1] / "docs" / "subgradients.md"
INF = math.inf
ties = [[2.0, 1.0, 2.0, 2.0], [0.0, 0.0, 0.0, 0.0], [1.0, 3.0, 1.0, 3.0]]

OURS = SimpleNamespace(t=autograd, F=functional)


def gradients(library, function, *arrays):
    """The gradients by all ``arrays`` of the sum of ``function(library, ...)``."""
    tensors = [library.t.tensor(np.array(a, np.float64), requires_grad=True) for a in arrays]
    function(library, *tensors).sum().backward()
    return [np.zeros(t.shape) if t.grad is None else t.grad.numpy() for t in tensors]


def chosen(values, index):
    """The gradient that goes to the elements of dim 1 at ``index``."""
    found = np.zeros(np.shape(values))
    np.add.at(found, (np.arange(len(found))[:, None], index), 1)
    return found


# A row of the page, what it says of a function, at which points, and the gradients there.
FLAT = "`relu`, `relu6`"
CHOICES = [
    (FLAT, lambda lib, x: lib.t.relu(x), [[-1.0, 0.0, 1.0]], [[0, 0, 1]]),
    (FLAT, lambda lib, x: lib.F.relu6(x), [[0.0, 3.0, 6.0]], [[0, 1, 0]]),
    (FLAT, lambda lib, x: lib.F.hardtanh(x), [[-1.0, 0.0, 1.0]], [[0, 1, 0]]),
    (FLAT, lambda lib, x: lib.F.hardsigmoid(x) * 6, [[-3.0, 0.0, 3.0]], [[0, 1, 0]]),
    (FLAT, lambda lib, x: lib.F.softshrink(x, 1.0), [[-1.0, 1.0, 2.0]], [[0, 0, 1]]),
    (FLAT, lambda lib, x: lib.F.hardshrink(x, 1.0), [[-1.0, 1.0, 2.0]], [[0, 0, 1]]),
    (FLAT, lambda lib, x: lib.F.threshold(x, 1.0, 9.0), [[0.0, 1.0, 2.0]], [[0, 0, 1]]),
    ("`leaky_relu`", lambda lib, x: lib.F.leaky_relu(x, 0.25), [[-1.0, 0.0]], [[0.25, 0.25]]),
    (
        "`leaky_relu`",
        lambda lib, x, weight: lib.t.prelu(x, weight),
        [[0.0, 1.0], [0.25]],
        [[0.25, 1], [0]],
    ),
    ("`hardswish`", lambda lib, x: lib.F.hardswish(x), [[-3.0, 3.0]], [[0, 1]]),
    ("`clamp`", lambda lib, x: lib.t.clamp(x, -1, 1), [[-2.0, -1.0, 1.0, 2.0]], [[0, 1, 1, 0]]),
    (
        "`clamp`",
        lambda lib, x, low, high: lib.t.clamp(x, low, high),
        [[0.0, 1.0, 2.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]],
        [[1, 1, 0], [0, 0, 0], [0, 0, 1]],
    ),
    ("`abs`", lambda lib, x: lib.t.abs(x), [[-2.0, 0.0, 2.0]], [[-1, 0, 1]]),
    ("`abs`", lambda lib, x: lib.t.sign(x), [[0.0]], [[0]]),
    *(
        ("`abs`", lambda lib, x, p=p: lib.t.norm(x, p), [[0.0, 0.0]], [[0, 0]])
        for p in (0.5, 1, 1.5, 2, 3)
    ),
    ("`abs`", lambda lib, x, y: lib.t.dist(x, y), [[1.0, 2.0], [1.0, 2.0]], [[0, 0], [0, 0]]),
    (
        "`abs`",
        lambda lib, x, y: lib.t.cdist(x, y),
        [[[1.0, 2.0]], [[1.0, 2.0]]],
        [[[0, 0]], [[0, 0]]],
    ),
    ("`std`", lambda lib, x: lib.t.std(x), [[2.0, 2.0, 2.0]], [[0, 0, 0]]),
    (
        "`maximum`",
        lambda lib, x, y: lib.t.maximum(x, y),
        [[0.0, 2.0], [0.0, 1.0]],
        [[0.5, 1], [0.5, 0]],
    ),
    (
        "`maximum`",
        lambda lib, x, y: lib.t.minimum(x, y),
        [[0.0, 2.0], [0.0, 1.0]],
        [[0.5, 0], [0.5, 1]],
    ),
    ("`fmax`", lambda lib, x, y: lib.t.fmax(x, y), [[0.0, 2.0], [0.0, 3.0]], [[1, 0], [0, 1]]),
    ("`fmax`", lambda lib, x, y: lib.t.fmin(x, y), [[0.0, 2.0], [0.0, 1.0]], [[1, 0], [0, 1]]),
    *(
        ("`amax`", function, [[2.0, 1.0, 2.0, 1.0]], [expected])
        for function, expected in [
            (lambda lib, x: lib.t.amax(x, 0), [0.5, 0, 0.5, 0]),
            (lambda lib, x: lib.t.amin(x, 0), [0, 0.5, 0, 0.5]),
            (lambda lib, x: lib.t.aminmax(x).max, [0.5, 0, 0.5, 0]),
            (lambda lib, x: lib.t.aminmax(x).min, [0, 0.5, 0, 0.5]),
            (lambda lib, x: lib.t.max(x), [0.5, 0, 0.5, 0]),
            (lambda lib, x: lib.t.min(x), [0, 0.5, 0, 0.5]),
            (lambda lib, x: lib.t.median(x), [0, 0.5, 0, 0.5]),
            (lambda lib, x: lib.t.norm(x, INF), [0.5, 0, 0.5, 0]),
        ]
    ),
    *(
        (
            "`floor`",
            lambda lib, x, name=name: getattr(lib.t, name)(x),
            [[-1.0, 0.5, 2.0]],
            [[0] * 3],
        )
        for name in ("floor", "ceil", "round", "trunc", "sign")
    ),
    ("`frac`", lambda lib, x: lib.t.frac(x), [[-1.0, 0.0, 0.5]], [[1, 1, 1]]),
    ("`frac`", lambda lib, x: lib.t.remainder(x, 3.0), [[-3.0, 0.0, 4.0]], [[1, 1, 1]]),
    (
        "`pow(x, y)`",
        lambda lib, x, y: lib.t.pow(x, y),
        [[0.0, 2.0, 0.0], [0.0, 0.0, 3.0]],
        [[0, 0, 0], [0, math.log(2), 0]],
    ),
    ("`pow(x, y)`", lambda lib, x: x**0, [[0.0, 2.0]], [[0, 0]]),
    ("`pow(x, y)`", lambda lib, y: 0.0**y, [[0.0, 2.0]], [[0, 0]]),
    (
        "`xlogy(x, y)`",
        lambda lib, x, y: lib.t.xlogy(x, y),
        [[0.0, 0.0], [-1.0, 1.0]],
        [[0, 0], [0, 0]],
    ),
    ("`atan2`", lambda lib, x, y: lib.t.atan2(x, y), [[0.0], [0.0]], [[0], [0]]),
    ("`atan2`", lambda lib, x, y: lib.t.hypot(x, y), [[0.0], [0.0]], [[math.nan], [math.nan]]),
    (
        "`where(c, x, y)`",
        lambda lib, x, y: lib.t.where(x > 0, x, y),
        [[1.0, -1.0], [5.0, 5.0]],
        [[1, 0], [0, 1]],
    ),
    (
        "`matmul`",
        lambda lib, x, y: lib.t.where(lib.t.isnan(x @ y), 0.0, 1.0) * 0.0 * (x @ y),
        [[0.0, 1.0], [-INF, 2.0]],
        [[math.nan, 0], [0, 0]],
    ),
]


@pytest.mark.parametrize(("row", "function", "points", "expected"), CHOICES)
def test_choice(row, function, points, expected):
    for gradient, right in zip(gradients(OURS, function, *points), expected, strict=True):
        np.testing.assert_allclose(gradient, right, rtol=1e-12)


@pytest.mark.parametrize(("row", "function", "points", "expected"), CHOICES)
def test_choice_is_that_of_torch(row, function, points, expected):
    torch = pytest.importorskip("torch")
    library = SimpleNamespace(t=torch, F=torch.nn.functional)
    for gradient, right in zip(gradients(library, function, *points), expected, strict=True):
        np.testing.assert_allclose(gradient, right, rtol=1e-6)


BY_INDEX = {
    "max": lambda lib, x: lib.t.max(x, 1, keepdim=True),
    "min": lambda lib, x: lib.t.min(x, 1, keepdim=True),
    "sort": lambda lib, x: [part[:, :2] for part in lib.t.sort(x, 1)],
    "topk": lambda lib, x: lib.t.topk(x, 2, 1),
    "kthvalue": lambda lib, x: lib.t.kthvalue(x, 2, 1, keepdim=True),
    "median": lambda lib, x: lib.t.median(x, 1, keepdim=True),
    "mode": lambda lib, x: lib.t.mode(x, 1, keepdim=True),
    "cummax": lambda lib, x: lib.t.cummax(x, 1),
    "cummin": lambda lib, x: lib.t.cummin(x, 1),
    "max_pool": lambda lib, x: lib.F.max_pool1d(x, 2, return_indices=True),
}


@pytest.mark.parametrize("name", BY_INDEX)
def test_the_element_of_the_index_gets_the_gradient(name):
    x = autograd.tensor(ties, requires_grad=True)
    values, index = BY_INDEX[name](OURS, x)
    values.sum().backward()
    assert x.grad.tolist() == chosen(ties, index.numpy()).tolist()


@pytest.mark.parametrize("name", sorted(BY_INDEX.keys() - {"topk", "kthvalue"}))
def test_the_index_is_that_of_torch(name):
    # Of topk and kthvalue, PyTorch promises no particular one.
    torch = pytest.importorskip("torch")
    library = SimpleNamespace(t=torch, F=torch.nn.functional)
    _, index = BY_INDEX[name](OURS, autograd.tensor(ties))
    assert index.tolist() == BY_INDEX[name](library, torch.tensor(ties))[1].tolist()


# -- where the gradient arriving is 0 --------------------------------------------------------------

# A function, and a point where its derivative is not finite, or not a number.
SINGULAR = [
    ("sqrt", lambda t, x: t.sqrt(x), 0.0),
    ("sqrt of a negative", lambda t, x: t.sqrt(x), -1.0),
    ("rsqrt", lambda t, x: t.rsqrt(x), 0.0),
    ("reciprocal", lambda t, x: t.reciprocal(x), 0.0),
    ("div by x", lambda t, x: 1 / x, 0.0),
    ("x / x", lambda t, x: x / x, 0.0),
    ("pow", lambda t, x: x**0.5, 0.0),
    ("pow -1", lambda t, x: x**-1, 0.0),
    ("pow by x", lambda t, x: t.pow(x, t.full_like(x, -1.5)), 0.0),
    ("pow by y", lambda t, x: t.pow(t.full_like(x, -1.0), x), 0.5),
    ("log", lambda t, x: t.log(x), 0.0),
    ("log of a negative", lambda t, x: t.log(x).sqrt(), -1.0),
    ("log2", lambda t, x: t.log2(x), 0.0),
    ("log10", lambda t, x: t.log10(x), 0.0),
    ("log1p", lambda t, x: t.log1p(x), -1.0),
    ("logit", lambda t, x: t.logit(x), 0.0),
    ("logit at 1", lambda t, x: t.logit(x), 1.0),
    ("xlogy", lambda t, x: t.xlogy(t.ones_like(x), x), 0.0),
    ("exp", lambda t, x: t.exp(x), 1e4),
    ("exp2", lambda t, x: t.exp2(x), 1e5),
    ("expm1", lambda t, x: t.expm1(x), 1e4),
    ("sinh", lambda t, x: t.sinh(x), 1e4),
    ("cosh", lambda t, x: t.cosh(x), 1e4),
    ("asin", lambda t, x: t.asin(x), 1.0),
    ("acos", lambda t, x: t.acos(x), -1.0),
    ("acosh", lambda t, x: t.acosh(x), 1.0),
    ("atanh", lambda t, x: t.atanh(x), 1.0),
    ("hypot", lambda t, x: t.hypot(x, x), 0.0),
    ("square of an overflow", lambda t, x: t.exp(x) ** 2, 1e4),
    ("norm", lambda t, x: t.norm(x.unsqueeze(-1), dim=-1), 0.0),
    ("p-norm", lambda t, x: t.norm(x.unsqueeze(-1), 1.5, dim=-1), 0.0),
    ("std", lambda t, x: t.std(t.stack([x, x * 2], -1), -1), 0.0),
    ("root of a sum of squares", lambda t, x: t.sqrt((x * x).unsqueeze(-1).sum(-1)), 0.0),
]


@pytest.mark.parametrize(("name", "function", "point"), SINGULAR)
def test_an_unused_singularity_contributes_zero(name, function, point):
    """First and second order, beside an element that is used."""
    usable = 2.0 if name == "acosh" else 0.25
    x = autograd.tensor([point, usable], dtype=autograd.float64, requires_grad=True)
    used = autograd.tensor([False, True])
    alone = x.detach()[1:].requires_grad_()
    y, y_alone = autograd.where(used, function(autograd, x), 0.0), function(autograd, alone)
    for _ in range(2):
        (y,) = autograd.grad(y.sum(), x, create_graph=True)
        (y_alone,) = autograd.grad(y_alone.sum(), alone, create_graph=True)
        assert y[0].item() == 0
        np.testing.assert_allclose(y[1:].detach(), y_alone.detach(), rtol=1e-12)


@pytest.mark.parametrize(
    "leave_out",
    [
        lambda y, x: autograd.where(x > 0, y, 0.0),
        lambda y, x: y.masked_fill(x <= 0, 0.0),
        lambda y, x: y[x > 0],
        lambda y, x: y[2:],
        lambda y, x: y.gather(0, autograd.tensor([2])),
        lambda y, x: autograd.fmax(y, autograd.tensor(-9.0)),
        lambda y, x: y.nan_to_num().clamp(min=0.0, max=9.0),
        lambda y, x: (y / (x > 0)).nan_to_num(neginf=0.0),
        lambda y, x: (y + 0.0 / (x > 0)).nansum(),
    ],
)
def test_a_product_that_is_left_out_contributes_zero(leave_out):
    """First and second order, where one factor is -infinity and where it is NaN."""
    x = autograd.tensor([0.0, -1.0, 2.0], dtype=autograd.float64, requires_grad=True)
    (first,) = autograd.grad(leave_out(x * autograd.log(x), x).sum(), x, create_graph=True)
    np.testing.assert_allclose(first.detach(), [0, 0, 1 + math.log(2)], rtol=1e-12)
    (second,) = autograd.grad(first.sum(), x)
    np.testing.assert_allclose(second, [0, 0, 0.5], rtol=1e-12)


def test_a_product_that_is_used_stays_infinite():
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    (x * autograd.tensor([1.0, math.inf]))[1:].sum().backward()
    assert x.grad.tolist() == [0.0, math.inf]


@pytest.mark.parametrize("mask", ["index", "masked_fill", "times 0"])
def test_it_does_not_matter_what_made_the_zero(mask):
    x = autograd.tensor([0.0, 4.0], requires_grad=True)
    y = autograd.sqrt(x)
    if mask == "index":
        y = y[1:]
    elif mask == "masked_fill":
        y = y.masked_fill(x == 0, 0.0)
    else:
        y = y * autograd.tensor([0.0, 1.0])
    y.sum().backward()
    assert x.grad.tolist() == [0.0, 0.25]


@pytest.mark.parametrize(
    ("function", "point"),
    [
        (lambda t, x: t.sqrt(x), 0.0),
        (lambda t, x: t.log(x), 0.0),
        (lambda t, x: t.asin(x), 1.0),
        (lambda t, x: 1 / x, 0.0),
    ],
)
def test_a_singularity_that_is_used_stays_infinite(function, point):
    x = autograd.tensor(point, requires_grad=True)
    function(autograd, x).backward()
    assert math.isinf(x.grad.item())


# -- the page --------------------------------------------------------------------------------------


def rows():
    """The first cells of the page's table."""
    cells = re.findall(r"^\| (.*?) \|", PAGE.read_text(), re.MULTILINE)
    return cells[1:]  # the first is the heading


def test_every_row_of_the_page_is_held():
    held = {row for row, *_ in CHOICES} | {"`max(dim)`", "`x * y`", "any other operation"}
    for row in rows():
        assert any(row.startswith(begin) for begin in held), row
    for begin in held:
        assert any(row.startswith(begin) for row in rows()), begin
