from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

import autograd
from autograd.errors import ShapeError
from autograd.ops import linear_cross_entropy as ops

OPTIONS = ops.LinearCrossEntropyOptions


def test_chunks_need_less_memory() -> None:
    generator = np.random.default_rng(0)
    x, weight = generator.standard_normal((512, 8)), generator.standard_normal((2000, 8))
    target = autograd.tensor(generator.integers(0, 2000, 512))
    peaks, gradients = [], []
    for options in (None, OPTIONS(batch_chunk_size=16)):
        xs = autograd.tensor(x, requires_grad=True)
        tracemalloc.start()
        loss = ops.linear_cross_entropy(xs, autograd.tensor(weight), target, options=options)
        loss.backward()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        gradients.append(xs.grad.numpy())
    assert peaks[1] < peaks[0] / 8  # the scores are 8 MB, those of a chunk 0.25 MB
    np.testing.assert_allclose(gradients[1], gradients[0], atol=1e-12)


@pytest.mark.parametrize(
    ("options", "size"),
    [
        (OPTIONS(), 4),  # of 64 rows, 8 features and 64 classes: 64 / 8 rows, halved
        (OPTIONS(chunking_method="aspect_ratio"), 8),
        (OPTIONS(chunking_method="aspect_ratio:4"), 2),
        (OPTIONS(chunking_method="aspect_ratio:100"), 1),
        (OPTIONS(batch_chunk_size=100), 64),
        (OPTIONS(chunking_method=None), 64),
        (OPTIONS(batch_chunk_size=8, chunking_method="aspect_ratio"), 8),
    ],
)
def test_the_size_of_a_chunk(options: ops.LinearCrossEntropyOptions, size: int) -> None:
    assert ops._chunk_size(options, 64, 8, 64) == size


def test_options_that_mean_nothing_are_refused() -> None:
    with pytest.raises(ShapeError, match="at least 1"):
        OPTIONS(batch_chunk_size=0)
    with pytest.raises(ShapeError, match="acc_policy"):
        OPTIONS(acc_policy="sloppy")
    for method in ("aspect_ratio:0", "aspect", "aspect_ratio:x"):
        with pytest.raises(ShapeError, match="chunking_method"):
            OPTIONS(chunking_method=method)
    options = OPTIONS(batch_chunk_size=3, chunking_method="aspect_ratio")
    with pytest.raises(ShapeError, match="pass only one"):
        ops._chunk_size(options, 64, 8, 64)


def test_no_rows_in_chunks() -> None:
    x = autograd.zeros(0, 3, requires_grad=True)
    target = autograd.zeros(0, dtype=autograd.int64)
    weight = autograd.ones(4, 3)
    loss = ops.linear_cross_entropy(x, weight, target, reduction="sum", options=OPTIONS())
    loss.backward()
    assert (loss.item(), x.grad.shape) == (0.0, (0, 3))
