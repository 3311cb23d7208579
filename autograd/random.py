"""Tensors of random numbers, and random choices, drawn from a `Generator`."""

from __future__ import annotations

from typing import Any, Literal, Unpack

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, array_of, make, unwrap
from autograd.creation import count_of, integer, shape_of
from autograd.dtypes import (
    DIFFERENTIABLE,
    DType,
    as_dtype,
    finfo,
    float16,
    float32,
    float64,
    iinfo,
    int64,
)
from autograd.errors import DTypeError, ShapeError
from autograd.generator import Generator, stream_of
from autograd.options import Options, dtype_in, finish

# -- tensors of random numbers --------------------------------------------------------------------

Kind = Literal["random", "standard_normal", "standard_exponential"]


def draw(kind: Kind, shape: tuple[int, ...], dtype: DType, generator: Generator | None) -> Any:
    """Numbers of a standard distribution, drawn in single precision unless ``dtype`` is double."""
    stream = stream_of(generator)
    if dtype.kind == "c":
        parts = draw(kind, (*shape, 2), as_dtype(f"float{dtype.itemsize * 4}"), generator)
        # so that the complex number has variance 1
        scale = 0.5**0.5 if kind == "standard_normal" else 1
        return (parts * parts.dtype.type(scale)).view(dtype)[..., 0]
    if dtype == float16 and kind == "random":  # rounding a float32 could give 1
        return (stream.integers(0, 2**11, shape) / 2**11).astype(float16)
    precise = float64 if dtype == float64 else float32
    return getattr(stream, kind)(shape, dtype=precise).astype(dtype, copy=False)


def _floating(operation: str, options: Options, default: DType | None = None) -> DType:
    dtype = dtype_in(options, default)
    if dtype not in DIFFERENTIABLE:
        raise DTypeError(
            f"{operation}: needs a floating dtype, got {dtype}; use randint() for integers"
        )
    return dtype


def rand(
    *sizes: Any, size: Any = None, generator: Generator | None = None, **options: Unpack[Options]
) -> Any:
    """Numbers uniform in ``[0, 1)``: ``rand(2, 3)`` or ``rand((2, 3))``.

    >>> import autograd
    >>> autograd.rand(2, 3).shape
    (2, 3)
    """
    array = draw("random", shape_of("rand", sizes, size), _floating("rand", options), generator)
    return finish("rand", array, options)


def randn(
    *sizes: Any, size: Any = None, generator: Generator | None = None, **options: Unpack[Options]
) -> Any:
    """Standard normal numbers: ``randn(2, 3)`` or ``randn((2, 3))``; complex too of variance 1."""
    array = draw(
        "standard_normal", shape_of("randn", sizes, size), _floating("randn", options), generator
    )
    return finish("randn", array, options)


def randint(
    low: Any = None,
    high: Any = None,
    size: Any = None,
    *,
    generator: Generator | None = None,
    **options: Unpack[Options],
) -> Any:
    """Integers uniform in ``[low, high)``: ``randint(high, size)`` or ``randint(low, high, size)``.

    Raises ShapeError for an empty range, or one that the dtype can't hold, DTypeError for bounds
    that are no integers.

    >>> import autograd
    >>> autograd.randint(1, 2, (3,))
    tensor([1, 1, 1])
    """
    if size is None:
        low, high, size = None, low, high
    if high is None:
        low, high = None, low
    if not isinstance(size, (tuple, list)) or high is None:
        raise DTypeError(
            "randint: needs the size, a tuple: randint(high, size) or randint(low, high, size)"
        )
    low, shape = 0 if low is None else low, shape_of("randint", (size,))
    array = integers("randint", low, high, shape, dtype_in(options, int64), generator)
    return finish("randint", array, options)


def integers(
    operation: str,
    low: Any,
    high: Any,
    shape: tuple[int, ...],
    dtype: DType,
    generator: Generator | None,
) -> Any:
    """Integers uniform in ``[low, high)``. Raises ShapeError for what ``dtype`` can't hold."""
    low, high = integer(operation, low), integer(operation, high)
    if low >= high:
        raise ShapeError(f"{operation}: needs low < high, got {low} and {high}")
    if dtype.kind == "c":
        raise DTypeError(f"{operation}: needs a real dtype, got {dtype}")
    least, most = (0, 1) if dtype.kind == "b" else _limits(dtype)
    if not (least <= low and high - 1 <= most):
        raise ShapeError(
            f"{operation}: {dtype} can't hold all of [{low}, {high}); give a wider dtype"
        )
    return stream_of(generator).integers(low, high, shape).astype(dtype, copy=False)


def _limits(dtype: DType) -> tuple[Any, Any]:
    limits = finfo(dtype) if dtype.kind == "f" else iinfo(dtype)
    return limits.min, limits.max


def whole_numbers(dtype: DType) -> int:
    """How many integers from 0 on ``dtype``, a real one, can hold."""
    if dtype.kind == "b":
        return 2
    return int(2 ** (np.finfo(dtype).nmant + 1) if dtype.kind == "f" else iinfo(dtype).max) + 1


def randperm(n: int, *, generator: Generator | None = None, **options: Unpack[Options]) -> Any:
    """The integers from 0 to ``n - 1`` in random order.

    >>> import autograd
    >>> sorted(autograd.randperm(4).tolist())
    [0, 1, 2, 3]
    """
    count = count_of("randperm", n)
    dtype = dtype_in(options, int64)
    if dtype.kind in "bc":
        raise DTypeError(f"randperm: needs a dtype of integers or floats, got {dtype}")
    if count > whole_numbers(dtype):
        raise ShapeError(f"randperm: {dtype} can't hold {count - 1}; give a wider dtype")
    return finish("randperm", stream_of(generator).permutation(count).astype(dtype), options)


def rand_like(x: Any, *, generator: Generator | None = None, **options: Unpack[Options]) -> Any:
    """As `rand`, in the shape and dtype of ``x``."""
    dtype = _floating("rand_like", options, array_of(x).dtype)
    array = draw("random", array_of(x).shape, dtype, generator)
    return finish("rand_like", array, options)


def randn_like(x: Any, *, generator: Generator | None = None, **options: Unpack[Options]) -> Any:
    """As `randn`, in the shape and dtype of ``x``."""
    dtype = _floating("randn_like", options, array_of(x).dtype)
    array = draw("standard_normal", array_of(x).shape, dtype, generator)
    return finish("randn_like", array, options)


def randint_like(
    x: Any,
    low: Any = None,
    high: Any = None,
    *,
    generator: Generator | None = None,
    **options: Unpack[Options],
) -> Any:
    """As `randint`, in the shape and dtype of ``x``: ``(x, high)`` or ``(x, low, high)``."""
    dtype = dtype_in(options, array_of(x).dtype)
    low, high = (0, low) if high is None else (0 if low is None else low, high)
    array = integers("randint_like", low, high, array_of(x).shape, dtype, generator)
    return finish("randint_like", array, options)


# -- random choices with given parameters ---------------------------------------------------------
# Their gradients are 0, as in PyTorch: a parameter moves the chances, not the numbers drawn.


def normal(
    mean: Any,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Generator | None = None,
    **options: Unpack[Options],
) -> Any:
    """Normal numbers of these means and standard deviations: tensors, or numbers and a ``size``.

    Tensors broadcast; the result has the dtype of ``mean``, unless that is a number. Raises
    ShapeError for a negative ``std``.

    >>> import autograd
    >>> autograd.normal(autograd.tensor([1.0, 2.0]), 0.0)
    tensor([1., 2.])
    """
    if (size is None) != (isinstance(mean, Variable) or isinstance(std, Variable)):
        raise DTypeError("normal: two numbers need a size, tensors none: normal(mean, std, size)")
    if size is None:
        return _normal(mean, std, generator=generator)
    shape, dtype = shape_of("normal", (), size), _floating("normal", options)
    return finish("normal", _scaled_normal(mean, std, shape, dtype, generator), options)


@primitive(mean=lambda g: g * 0, std=lambda g: g * 0)
def _normal(mean: Array, std: Array, *, generator: Generator | None = None) -> Array:
    dtype = next(x.dtype for x in (mean, std) if hasattr(x, "dtype"))
    if dtype not in DIFFERENTIABLE:
        raise DTypeError("mean and std must be floating tensors; convert them with float()")
    shape = np.broadcast_shapes(np.shape(mean), np.shape(std))
    return _scaled_normal(mean, std, shape, dtype, generator)


def _scaled_normal(
    mean: Any, std: Any, shape: tuple[int, ...], dtype: DType, generator: Generator | None
) -> Any:
    require(np.all(np.asarray(unwrap(std)) >= 0), "std must not be negative")
    array = draw("standard_normal", shape, dtype, generator)
    array = np.multiply(array, unwrap(std), dtype=dtype)
    return np.add(array, unwrap(mean), dtype=dtype)


def bernoulli(input: Any, p: float | None = None, *, generator: Generator | None = None) -> Any:
    """1 with the probability that ``input`` says, or with probability ``p`` everywhere; else 0.

    Raises ShapeError for what is no probability.

    >>> import autograd
    >>> autograd.bernoulli(autograd.tensor([0.0, 1.0]))
    tensor([0., 1.])
    """
    return _bernoulli(input, p=p, generator=generator)


@primitive(x=lambda g: g * 0)
def _bernoulli(x: Array, *, p: float | None = None, generator: Generator | None = None) -> Array:
    if p is None and x.dtype.kind != "f":
        raise DTypeError("the probabilities must be floating numbers")
    return coins(x if p is None else p, x.shape, generator).astype(x.dtype)


def coins(p: Any, shape: tuple[int, ...], generator: Generator | None) -> Any:
    """True with probability ``p``."""
    p = np.asarray(unwrap(p))
    try:
        np.broadcast_to(p, shape)
    except ValueError:
        raise ShapeError(f"probabilities of shape {p.shape} don't broadcast to {shape}") from None
    require(np.all((p >= 0) & (p <= 1)), "a probability must lie between 0 and 1")
    precise = float64 if p.size > 1 and p.dtype == float64 else float32
    return draw("random", shape, precise, generator) < p


def dropout_mask(x: Any, p: float, *, generator: Generator | None = None) -> Any:
    """What dropout multiplies ``x`` by: 0 with probability ``p``, else ``1 / (1 - p)``; like ``x``.

    >>> import autograd
    >>> autograd.random.dropout_mask(autograd.tensor([5.0, 6.0]), 0.0)
    tensor([1., 1.])
    """
    array = unwrap(x)
    require(0 <= p <= 1, "dropout_mask: the probability p must lie between 0 and 1")
    kept = draw("random", array.shape, float32, generator) >= np.float32(p)
    return make(kept * array.dtype.type(0 if p == 1 else 1 / (1 - p)))


@primitive(x=lambda g: g * 0)
def poisson(x: Array, generator: Generator | None = None) -> Array:
    """Numbers of events where ``x`` are expected. Raises ShapeError for negative rates.

    >>> import autograd
    >>> autograd.poisson(autograd.tensor([0.0, 0.0]))
    tensor([0., 0.])
    """
    if x.dtype.kind != "f":
        raise DTypeError("the rates must be floating numbers")
    require(np.all(x >= 0), "the rates must not be negative")
    return np.asarray(stream_of(generator).poisson(x)).astype(x.dtype)


def multinomial(
    input: Any, num_samples: int, replacement: bool = False, *, generator: Generator | None = None
) -> Any:
    """``num_samples`` indices, drawn with probabilities proportional to ``input``, or to its rows.

    ``(n,) -> (num_samples,)`` or ``(m, n) -> (m, num_samples)``. Without ``replacement`` no index
    is drawn twice. Raises ShapeError for weights that are negative, not finite or all 0, and if
    there are too few to draw from.

    >>> import autograd
    >>> autograd.multinomial(autograd.tensor([0.0, 1.0, 0.0]), 2, replacement=True)
    tensor([1, 1])
    """
    num_samples = integer("multinomial", num_samples)
    return _multinomial(
        input, num_samples=num_samples, replacement=replacement, generator=generator
    )


@primitive()
def _multinomial(
    x: Array, *, num_samples: int, replacement: bool, generator: Generator | None
) -> Array:
    if x.dtype.kind != "f":
        raise DTypeError("the weights must be floating numbers")
    weights = x.astype(float64)
    require(x.ndim in (1, 2) and x.shape[-1] > 0, "the weights must have one dim, or rows of them")
    require(num_samples > 0, f"num_samples must be positive, got {num_samples}")
    require(np.all(np.isfinite(weights) & (weights >= 0)), "a weight is negative or not finite")
    require(np.all(weights.sum(-1) > 0), "all weights are 0")
    if replacement:
        sums = np.cumsum(weights, -1)
        draws = draw("random", (*x.shape[:-1], num_samples), float64, generator) * sums[..., -1:]
        rows = zip(np.atleast_2d(sums), np.atleast_2d(draws))
        indices = np.array([_first_above(row, draw) for row, draw in rows], np.int64)
        return indices.reshape(draws.shape)
    require(
        np.all(np.count_nonzero(weights, -1) >= num_samples),
        f"there are fewer than {num_samples} weights above 0 to draw without replacement",
    )
    # Of several exponential clocks, the first to ring is each with a probability proportional to
    # its rate.
    with np.errstate(divide="ignore"):
        times = draw("standard_exponential", x.shape, float64, generator) / weights
    return np.argsort(times, -1, kind="stable")[..., :num_samples]


def _first_above(sums: Any, draws: Any) -> Any:
    """The index of the first of ``sums`` above each of ``draws``; an index of weight 0 never is."""
    last = np.searchsorted(sums, sums[-1])  # rounding may bring a draw up to the whole sum
    return np.minimum(np.searchsorted(sums, draws, side="right"), last)


def require(condition: Any, message: str) -> None:
    """Raise ShapeError with ``message`` unless ``condition`` holds."""
    if not condition:
        raise ShapeError(message)
