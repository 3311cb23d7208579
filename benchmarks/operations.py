"""A page of single operations: forward without gradients, and forward and backward.

The inputs of an operation have about 1, 1,000 or 1,000,000 elements each, the weights of `linear`
and `conv2d` apart. Backward starts from a random gradient of the output.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from benchmarks import libraries
from benchmarks.libraries import Library
from benchmarks.measure import Program, check, compare
from benchmarks.rows import Request, Row

SIZES = (1, 1_000, 1_000_000)
Input = Callable[[np.random.Generator, int], Any]


class Operation(NamedTuple):
    """A function of the namespaces ``t`` (tensors) and ``f`` (functional) and of the inputs."""

    compute: Callable[..., Any]
    inputs: tuple[Input, ...]
    sizes: tuple[int, ...]
    random: bool  # its numbers can't be compared


def operation(
    compute: Callable[..., Any],
    *inputs: Input,
    sizes: tuple[int, ...] = SIZES,
    random: bool = False,
) -> Operation:
    """Operation, with what most have."""
    return Operation(compute, inputs, sizes, random)


# Shapes by size.
ROWS = {1: (1, 1), 1_000: (10, 100), 1_000_000: (1_000, 1_000)}
IMAGES = {1: (1, 1, 1, 1), 1_000: (1, 10, 10, 10), 1_000_000: (10, 10, 100, 100)}


def floats(generator: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return generator.standard_normal(shape, np.float32)


def vector(generator: np.random.Generator, size: int) -> Any:
    return floats(generator, (size,))


def positive(generator: np.random.Generator, size: int) -> Any:
    return np.abs(vector(generator, size)) + np.float32(0.1)


def matrix(generator: np.random.Generator, size: int) -> Any:
    return floats(generator, ROWS[size])


def row(generator: np.random.Generator, size: int) -> Any:
    return floats(generator, ROWS[size][1:])


def square(generator: np.random.Generator, size: int) -> Any:
    return floats(generator, ROWS[size][1:] * 2)


def images(generator: np.random.Generator, size: int) -> Any:
    return floats(generator, IMAGES[size])


def filters(generator: np.random.Generator, size: int) -> Any:
    channels = IMAGES[size][1]
    return floats(generator, (channels, channels, 3, 3))


def channels(generator: np.random.Generator, size: int) -> Any:
    return floats(generator, IMAGES[size][1:2])


def classes(generator: np.random.Generator, size: int) -> Any:
    count, width = ROWS[size]
    return generator.integers(0, width, count)


def places(generator: np.random.Generator, size: int) -> Any:
    return generator.integers(0, size, size)


def columns(generator: np.random.Generator, size: int) -> Any:
    return generator.integers(0, ROWS[size][1], ROWS[size])


def words(generator: np.random.Generator, size: int) -> Any:
    return generator.integers(0, ROWS[size][0], ROWS[size][0])


OPERATIONS = {
    "add": operation(lambda t, f, x, y: x + y, vector, vector),
    "add a number": operation(lambda t, f, x: x + 2.0, vector),
    "add a row": operation(lambda t, f, x, y: x + y, matrix, row),
    "mul": operation(lambda t, f, x, y: x * y, vector, vector),
    "div": operation(lambda t, f, x, y: x / y, vector, positive),
    "square": operation(lambda t, f, x: x**2, vector),
    "sqrt": operation(lambda t, f, x: t.sqrt(x), positive),
    "exp": operation(lambda t, f, x: t.exp(x), vector),
    "log": operation(lambda t, f, x: t.log(x), positive),
    "sin": operation(lambda t, f, x: t.sin(x), vector),
    "tanh": operation(lambda t, f, x: t.tanh(x), vector),
    "sigmoid": operation(lambda t, f, x: t.sigmoid(x), vector),
    "relu": operation(lambda t, f, x: f.relu(x), vector),
    "gelu": operation(lambda t, f, x: f.gelu(x), vector),
    "silu": operation(lambda t, f, x: f.silu(x), vector),
    "clamp": operation(lambda t, f, x: t.clamp(x, -1, 1), vector),
    "maximum": operation(lambda t, f, x, y: t.maximum(x, y), vector, vector),
    "where": operation(lambda t, f, x, y: t.where(x > 0, x, y), vector, vector),
    "sum": operation(lambda t, f, x: x.sum(), vector),
    "sum of columns": operation(lambda t, f, x: x.sum(0), matrix),
    "sum of rows": operation(lambda t, f, x: x.sum(1), matrix),
    "mean": operation(lambda t, f, x: x.mean(), positive),
    "max": operation(lambda t, f, x: x.max(), vector),
    "norm": operation(lambda t, f, x: x.norm(), vector),
    "cumsum": operation(lambda t, f, x: x.cumsum(1), matrix),
    "sort": operation(lambda t, f, x: t.sort(x, stable=True)[0], vector),
    "matmul": operation(lambda t, f, x, y: x @ y, matrix, square),
    "linear": operation(lambda t, f, x, w, b: f.linear(x, w, b), matrix, square, row),
    "softmax": operation(lambda t, f, x: f.softmax(x, -1), matrix),
    "log_softmax": operation(lambda t, f, x: f.log_softmax(x, -1), matrix),
    "logsumexp": operation(lambda t, f, x: t.logsumexp(x, -1), matrix),
    "cross_entropy": operation(lambda t, f, x, y: f.cross_entropy(x, y), matrix, classes),
    "mse_loss": operation(lambda t, f, x, y: f.mse_loss(x, y), vector, vector),
    "dropout": operation(lambda t, f, x: f.dropout(x, 0.5), vector, random=True),
    "layer_norm": operation(
        lambda t, f, x, w, b: f.layer_norm(x, w.shape, w, b), matrix, row, row, sizes=SIZES[1:]
    ),
    "batch_norm": operation(
        lambda t, f, x, w, b: f.batch_norm(x, None, None, w, b, training=True),
        images,
        channels,
        channels,
        sizes=SIZES[1:],
    ),
    "conv2d": operation(
        lambda t, f, x, w, b: f.conv2d(x, w, b, padding=1), images, filters, channels
    ),
    "max_pool2d": operation(lambda t, f, x: f.max_pool2d(x, 3, 2, 1), images),
    "avg_pool2d": operation(lambda t, f, x: f.avg_pool2d(x, 3, 2, 1), images),
    "attention": operation(
        lambda t, f, q, k, v: f.scaled_dot_product_attention(q, k, v), images, images, images
    ),
    "reshape": operation(lambda t, f, x: x.reshape(-1, 1), vector),
    "transpose, contiguous": operation(lambda t, f, x: x.t().contiguous(), matrix),
    "cat": operation(lambda t, f, x, y: t.cat([x, y]), vector, vector),
    "slice": operation(lambda t, f, x: x[::2], vector),
    "index by integers": operation(lambda t, f, x, i: x[i], vector, places),
    "gather": operation(lambda t, f, x, i: x.gather(1, i), matrix, columns),
    "embedding": operation(lambda t, f, i, w: f.embedding(i, w), words, matrix),
}


def forward(library: Library, operation: Operation, size: int) -> Program:
    """The operation alone, on tensors that need no gradients."""
    generator = np.random.default_rng(0)
    inputs = [library.tensors.tensor(make(generator, size)) for make in operation.inputs]
    return functools.partial(operation.compute, library.tensors, library.nn.functional, *inputs)


def backward(library: Library, operation: Operation, size: int) -> Program:
    """The operation and its backward: the output, and the gradients of its inputs."""
    generator = np.random.default_rng(0)
    inputs = [library.tensors.tensor(make(generator, size)) for make in operation.inputs]
    leaves = [x.requires_grad_() for x in inputs if x.is_floating_point()]
    compute = functools.partial(operation.compute, library.tensors, library.nn.functional, *inputs)
    gradient = library.tensors.tensor(floats(generator, tuple(compute().shape)))

    def run() -> list[Any]:
        for leaf in leaves:
            leaf.grad = None
        out = compute()
        out.backward(gradient)
        return [out, *(leaf.grad for leaf in leaves)]

    return run


DIRECTIONS = {"forward": forward, "and backward": backward}
CASES = [f"{direction}, {size:,}" for direction in DIRECTIONS for size in SIZES]


def rows(request: Request) -> Iterator[Row]:
    """All operations; some 280 comparisons, so that each gets a tenth of the time."""
    for name, operation in OPERATIONS.items():
        if not request.wants("operations", name):
            continue
        for (direction, make), size in itertools.product(DIRECTIONS.items(), operation.sizes):
            ours = make(libraries.ours(), operation, size)
            theirs = make(libraries.theirs(), operation, size)
            check(ours, theirs, times=1, numbers=not operation.random)
            comparison = compare(ours, theirs, request.seconds / 10)
            yield Row("operations", name, f"{direction}, {size:,}", "s", comparison)
