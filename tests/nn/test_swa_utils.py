import numpy as np
import pytest

import autograd
import nn
from autograd.errors import ShapeError
from nn.utils import swa_utils

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")


def models():
    ours = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)).double()
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4)).double()
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


def change(ours, theirs, rng):
    state = {
        key: torch.tensor(np.abs(rng.standard_normal(tuple(value.shape))) * 9).to(value.dtype)
        for key, value in theirs.state_dict().items()
    }
    ours.load_state_dict(state), theirs.load_state_dict(state)


def assert_same_states(ours, theirs, rtol=1e-10):
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for key, value in theirs.state_dict().items():
        np.testing.assert_allclose(ours.state_dict()[key].numpy(), value.numpy(), rtol)


RULES = [
    (lambda module: {}, 1e-10),
    (lambda module: {"avg_fn": module.get_swa_avg_fn()}, 1e-10),
    (lambda module: {"avg_fn": module.get_ema_avg_fn(0.9)}, 1e-10),
    # PyTorch's computes its factor in single precision, and can't average integer buffers.
    (lambda module: {"multi_avg_fn": module.get_swa_multi_avg_fn()}, 1e-6),
    (lambda module: {"multi_avg_fn": module.get_ema_multi_avg_fn(0.7)}, 1e-10),
]


@pytest.mark.parametrize(
    ("rule", "rtol", "use_buffers"),
    [
        (*row, use_buffers)
        for i, row in enumerate(RULES)
        for use_buffers in (False, True)
        if (i, use_buffers) != (3, True)
    ],
)
def test_averaged_models_are_pytorchs(rule, rtol, use_buffers):
    ours, theirs = models()
    their_utils = torch.optim.swa_utils
    one = swa_utils.AveragedModel(ours, use_buffers=use_buffers, **rule(swa_utils))
    other = their_utils.AveragedModel(theirs, use_buffers=use_buffers, **rule(their_utils))
    rng = np.random.default_rng(0)
    for _ in range(4):
        change(ours, theirs, rng)
        one.update_parameters(ours)
        other.update_parameters(theirs)
        assert_same_states(one, other, rtol)
    assert one.n_averaged.item() == 4
    x = rng.standard_normal((5, 3))
    np.testing.assert_allclose(
        one(autograd.tensor(x)).detach().numpy(), other(torch.tensor(x)).detach().numpy(), rtol
    )


@pytest.mark.parametrize("pairs", [False, True])
def test_update_bn(pairs):
    ours, theirs = models()
    rng = np.random.default_rng(0)
    batches = [rng.standard_normal((6, 3)) for _ in range(3)]
    change(ours, theirs, rng)
    ours.eval(), theirs.eval()
    for model, tensor, update in (
        (ours, autograd.tensor, swa_utils.update_bn),
        (theirs, torch.tensor, torch.optim.swa_utils.update_bn),
    ):
        inputs = [tensor(batch) for batch in batches]
        update([(x, 0) for x in inputs] if pairs else inputs, model)
    assert_same_states(ours, theirs)
    assert not ours.training
    assert ours[1].momentum == 0.1
    swa_utils.update_bn([], nn.Linear(2, 2))  # without one, nothing happens
    seen = nn.InstanceNorm1d(3, track_running_stats=True)
    swa_utils.update_bn([autograd.ones(2, 3, 4)], seen)
    assert seen.num_batches_tracked.item() == 0


def test_bad_arguments():
    rule = swa_utils.get_swa_avg_fn()
    with pytest.raises(ShapeError, match="not both"):
        swa_utils.AveragedModel(nn.Linear(1, 1), avg_fn=rule, multi_avg_fn=rule)
    for make in (swa_utils.get_ema_avg_fn, swa_utils.get_ema_multi_avg_fn):
        with pytest.raises(ShapeError, match="decay"):
            make(1.5)
