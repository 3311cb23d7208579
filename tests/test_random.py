"""Random numbers: streams, distributions, and refusals."""

import threading

import numpy as np
import pytest

import autograd
from autograd import DTypeError, Generator, GraphError, ShapeError, random

stats = pytest.importorskip("scipy.stats")
N = 20_000

GOLDEN = {
    "rand": (lambda: autograd.rand(3), [0.9449049, 0.6250954, 0.6841799]),
    "randn": (lambda: autograd.randn(3), [1.5219693, -1.1441058, 1.1501616]),
    "rand64": (lambda: autograd.rand(2, dtype="float64"), [0.62509547, 0.8972138]),
    "randn64": (lambda: autograd.randn(2, dtype="float64"), [0.0012301534, 0.29874554]),
    "randint": (lambda: autograd.randint(0, 100, (5,)), [94, 62, 68, 89, 57]),
    "randperm": (lambda: autograd.randperm(6), [5, 2, 0, 4, 1, 3]),
    "normal": (lambda: autograd.normal(1.0, 2.0, (2,)), [4.0439386, -1.2882116]),
    "poisson": (lambda: autograd.poisson(autograd.full((4,), 3.0)), [4, 1, 4, 3]),
    "exponential_": (lambda: autograd.ones(2).exponential_(), [0.9480473, 1.9964033]),
    "multinomial": (lambda: autograd.multinomial(autograd.tensor([1.0, 2.0, 3.0]), 2), [2, 1]),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_seed_always_gives_the_same_numbers(name):
    draw, expected = GOLDEN[name]
    autograd.manual_seed(7)
    np.testing.assert_allclose(draw().numpy(), expected, rtol=1e-6)


DISTRIBUTIONS = {
    "rand": (lambda g: autograd.rand(N, generator=g), "uniform"),
    "rand64": (lambda g: autograd.rand(N, generator=g, dtype="float64"), "uniform"),
    "randn": (lambda g: autograd.randn(N, generator=g), "norm"),
    "rand_like": (lambda g: autograd.rand_like(autograd.ones(N), generator=g), "uniform"),
    "randn_like": (lambda g: autograd.randn_like(autograd.ones(N), generator=g), "norm"),
    "normal": (lambda g: (autograd.normal(3.0, 2.0, (N,), generator=g) - 3) / 2, "norm"),
    "normal of tensors": (
        lambda g: (autograd.normal(autograd.full((N,), 3.0), 2.0, generator=g) - 3) / 2, "norm"),
    "uniform_": (lambda g: (autograd.ones(N).uniform_(2, 6, generator=g) - 2) / 4, "uniform"),
    "normal_": (lambda g: (autograd.ones(N).normal_(3, 2, generator=g) - 3) / 2, "norm"),
    "exponential_": (lambda g: autograd.ones(N).exponential_(4, generator=g) * 4, "expon"),
    "complex": (
        lambda g: autograd.from_numpy(
            autograd.randn(N, generator=g, dtype="complex64").numpy().imag * 2**0.5), "norm"),
}  # fmt: skip


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_continuous_distributions(name):
    draw, distribution = DISTRIBUTIONS[name]
    sample = draw(Generator(1)).numpy()
    assert sample.shape == (N,)
    assert stats.kstest(sample, distribution).pvalue > 1e-3


def _is_uniform(counts):
    return stats.chisquare(counts).pvalue > 1e-3


def test_discrete_distributions():
    g = Generator(2)
    assert _is_uniform(np.bincount(autograd.randint(5, (N,), generator=g).numpy(), minlength=5))
    assert _is_uniform(
        np.bincount(autograd.randint_like(autograd.ones(N), 2, 5, generator=g).long().numpy())[2:]
    )
    firsts = [autograd.randperm(4, generator=g)[0].item() for _ in range(2000)]
    assert _is_uniform(np.bincount(firsts))
    coins = autograd.bernoulli(autograd.full((N,), 0.3), generator=g).sum().item()
    assert stats.binomtest(int(coins), N, 0.3).pvalue > 1e-3
    coins = autograd.zeros(N).bernoulli_(0.7, generator=g).sum().item()
    assert stats.binomtest(int(coins), N, 0.7).pvalue > 1e-3
    events = autograd.poisson(autograd.full((N,), 4.0), generator=g)
    assert abs(events.mean().item() - 4) < 5 * 2 / N**0.5
    half = autograd.rand(N, generator=g, dtype="float16").numpy()
    assert half.max() < 1
    assert abs(half.mean() - 0.5) < 0.01


@pytest.mark.parametrize("replacement", [False, True])
def test_multinomial_follows_the_weights(replacement):
    weights = autograd.tensor([[0.0, 1.0, 3.0], [6.0, 2.0, 0.0]])
    drawn = autograd.multinomial(
        weights.repeat(5000, 1), 1, replacement, generator=Generator(3)
    ).numpy()
    for row, expected in ((0, [0, 1 / 4, 3 / 4]), (1, [3 / 4, 1 / 4, 0])):
        counts = np.bincount(drawn[row::2, 0], minlength=3)
        assert counts[np.equal(expected, 0)].sum() == 0
        assert np.allclose(counts / 5000, expected, atol=0.03)


def test_multinomial_without_replacement_draws_each_once():
    drawn = autograd.multinomial(autograd.ones(50, 8), 8, generator=Generator(4)).numpy()
    assert (np.sort(drawn, 1) == np.arange(8)).all()


def test_multinomial_never_draws_a_weight_of_zero():
    sums = np.cumsum([0.0, 0.1, 0.2, 0.0])
    assert random._first_above(sums, np.array([0.0, 0.1, sums[-1]])).tolist() == [1, 2, 2]


def test_dropout_mask_keeps_the_mean():
    x = autograd.ones(N, dtype="float64")
    mask = random.dropout_mask(x, 0.25, generator=Generator(5))
    assert mask.dtype == autograd.float64
    assert set(mask.tolist()) == {0.0, 1 / 0.75}
    assert abs(mask.mean().item() - 1) < 0.02
    assert random.dropout_mask(x, 1.0).sum().item() == 0
    with pytest.raises(ShapeError, match="between 0 and 1"):
        random.dropout_mask(x, 1.5)


def test_state_restores_the_stream_exactly():
    g = Generator(0)
    g.numpy.integers(0, 9, dtype=np.uint32)  # leaves half of a 64-bit word for the next draw
    autograd.rand(3, generator=g)
    state = g.get_state()
    assert state.dtype == autograd.uint8

    def draw(g):
        return [*autograd.rand(3, generator=g).tolist(), *g.numpy.integers(9, size=5)]

    expected = draw(g)
    other = Generator(1)
    other.set_state(state)
    assert other.initial_seed() == 0
    assert draw(other) == expected


def test_state_of_the_default_generator():
    autograd.manual_seed(3)
    state = autograd.get_rng_state()
    first = autograd.rand(4).tolist()
    assert autograd.rand(4).tolist() != first
    autograd.set_rng_state(state)
    assert autograd.rand(4).tolist() == first
    assert autograd.initial_seed() == 3


def test_seeds():
    assert autograd.manual_seed(-1).initial_seed() == 2**64 - 1
    assert Generator().initial_seed() == Generator("cpu").initial_seed()
    fresh = Generator()
    assert fresh.seed() == fresh.initial_seed() != Generator().initial_seed()
    assert autograd.seed() == autograd.initial_seed()


def test_manual_seed_reaches_other_threads():
    drawn = []
    autograd.manual_seed(0)
    thread = threading.Thread(target=lambda: drawn.append(autograd.rand(3).tolist()))
    thread.start()
    thread.join()
    autograd.manual_seed(0)
    assert drawn == [autograd.rand(3).tolist()]


def test_gradients_of_random_choices_are_zero():
    for draw in (autograd.bernoulli, autograd.poisson, autograd.normal):
        x = autograd.full((3,), 0.5, requires_grad=True)
        draw(x).sum().backward()
        assert x.grad.tolist() == [0, 0, 0]


def test_filling_writes_into_the_memory():
    array = np.zeros(4, np.float32)
    x = autograd.from_numpy(array)
    assert x.normal_(generator=Generator(0)) is x
    assert (array != 0).all()
    ints = autograd.zeros(100, dtype="int8").random_(generator=Generator(0)).numpy()
    assert 0 <= ints.min() < 20 < 100 < ints.max()
    few = autograd.zeros(100).random_(3, 6, generator=Generator(0)).tolist()
    assert set(few) == {3, 4, 5}


def test_filling_a_recorded_tensor():
    leaf = autograd.ones(2, requires_grad=True)
    with pytest.raises(GraphError, match="leaf"):
        leaf.normal_()
    with autograd.no_grad():
        leaf.uniform_(3, 4)
    assert min(leaf.tolist()) >= 3
    assert leaf.requires_grad
    made = leaf * 2
    made.uniform_().sum().backward()
    assert leaf.grad.tolist() == [0, 0]
    saved = autograd.ones(2)
    product = leaf * saved
    saved.normal_()
    with pytest.raises(GraphError, match="changed in place"):
        product.sum().backward()


REFUSED = {
    "rand of ints": (lambda: autograd.rand(2, dtype="int64"), DTypeError, "randint"),
    "rand_like ints": (lambda: autograd.rand_like(autograd.tensor([1])), DTypeError, "randint"),
    "negative size": (lambda: autograd.randn(-1), ShapeError, "negative"),
    "empty range": (lambda: autograd.randint(5, 5, (2,)), ShapeError, "low < high"),
    "no size": (lambda: autograd.randint(5), DTypeError, "size"),
    "too large": (lambda: autograd.randint(0, 300, (2,), dtype="uint8"), ShapeError, "wider"),
    "negative n": (lambda: autograd.randperm(-1), ShapeError, "negative"),
    "large n": (lambda: autograd.randperm(300, dtype="uint8"), ShapeError, "wider"),
    "negative std": (lambda: autograd.normal(0.0, -1.0, (2,)), ShapeError, "negative"),
    "no shape": (lambda: autograd.normal(0.0, 1.0), DTypeError, "size"),
    "no probability": (lambda: autograd.bernoulli(autograd.tensor([2.0])), ShapeError, "0 and 1"),
    "NaN": (lambda: autograd.bernoulli(autograd.tensor([np.nan])), ShapeError, "0 and 1"),
    "int chances": (lambda: autograd.bernoulli(autograd.tensor([1])), DTypeError, "floating"),
    "negative rate": (lambda: autograd.poisson(autograd.tensor([-1.0])), ShapeError, "negative"),
    "int normal_": (lambda: autograd.tensor([1]).normal_(), DTypeError, "continuous"),
    "int uniform_": (lambda: autograd.tensor([1]).uniform_(), DTypeError, "continuous"),
    "wrong way": (lambda: autograd.ones(1).uniform_(2, 1), ShapeError, "from <= to"),
    "rate 0": (lambda: autograd.ones(1).exponential_(0), ShapeError, "positive"),
    "seed": (lambda: autograd.manual_seed(1.5), DTypeError, "integer"),
    "large seed": (lambda: autograd.manual_seed(2**64), ShapeError, "64 bits"),
    "state": (lambda: autograd.set_rng_state(autograd.ones(3)), DTypeError, "get_state"),
    "all zero": (lambda: autograd.multinomial(autograd.zeros(2), 1), ShapeError, "all weights"),
    "negative": (lambda: autograd.multinomial(autograd.tensor([-1.0]), 1), ShapeError, "weight"),
    "no samples": (lambda: autograd.multinomial(autograd.ones(2), 0), ShapeError, "num_samples"),
    "too many": (lambda: autograd.multinomial(autograd.tensor([0.0, 1.0]), 2), ShapeError, "fewer"),
    "three dims": (lambda: autograd.multinomial(autograd.ones(1, 1, 1), 1), ShapeError, "one dim"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name):
    draw, error, message = REFUSED[name]
    with pytest.raises(error, match=message):
        draw()
