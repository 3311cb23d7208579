import os

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import AutogradError, DeviceError, DTypeError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
safetensors_torch = pytest.importorskip("safetensors.torch")


def net():
    return nn.Sequential(nn.Conv2D(1, 2, 3), nn.BatchNorm2D(2), nn.Flatten(), nn.Dense(8, 2))


def theirs():
    layers = (
        torch.nn.Conv2d(1, 2, 3),
        torch.nn.BatchNorm2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(8, 2),
    )
    return torch.nn.Sequential(*layers)


def test_round_trip_into_a_model(tmp_path):
    path = tmp_path / "net.safetensors"
    model, other = net(), net()
    nn.save(model, path)
    assert nn.load(path, other) == ([], [])
    for key, value in model.state_dict().items():
        assert np.array_equal(value, other.state_dict()[key])
        assert value.shape == other.state_dict()[key].shape
    assert nn.load(path)["1.num_batches_tracked"].shape == ()
    nn.load(path)["3.bias"].add_(1)  # what is loaded can be written to
    assert os.listdir(tmp_path) == ["net.safetensors"]


@pytest.mark.parametrize("dtype", ["float16", "float64", "int64", "bool", "complex64"])
def test_dtypes_and_layouts(tmp_path, dtype):
    path = str(tmp_path / "x")
    array = np.arange(6).reshape(2, 3).astype(dtype)
    nn.save(
        {
            "x": autograd.tensor(array).T,
            "empty": autograd.zeros(0, 2),
            "number": autograd.tensor(3.0),
        },
        path,
    )
    loaded = nn.load(path)
    assert np.array_equal(loaded["x"], array.T)
    assert loaded["x"].dtype == dtype
    assert loaded["empty"].shape == (0, 2)
    assert loaded["number"].item() == 3


def test_from_and_to_pytorch(tmp_path):
    path = tmp_path / "net.safetensors"
    x = np.random.default_rng(0).standard_normal((2, 1, 4, 4)).astype(np.float32)
    reference = theirs().eval()
    safetensors_torch.save_file(reference.state_dict(), path)
    model = net().eval()
    nn.load(path, model)
    expected = reference(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(model(autograd.tensor(x)).detach().numpy(), expected, atol=1e-5)
    nn.save(net(), path)
    reference.load_state_dict(safetensors_torch.load_file(path))


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "net.safetensors"
    nn.save({"x": autograd.ones(2)}, path)

    def fail(*args):
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        nn.save({"x": autograd.zeros(2)}, path)
    assert nn.load(path)["x"].tolist() == [1, 1]
    assert os.listdir(tmp_path) == ["net.safetensors"]


def test_errors(tmp_path):
    with pytest.raises(FileNotFoundError, match="no file"):
        nn.load(tmp_path / "missing")
    path = tmp_path / "broken"
    path.write_bytes(b"not a safetensors file")
    with pytest.raises(AutogradError, match="no intact safetensors file"):
        nn.load(path)
    nn.save({"x": autograd.ones(100)}, path)
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(AutogradError, match="no intact safetensors file"):
        nn.load(path)
    with pytest.raises(DTypeError, match="a module or a dict"):
        nn.save([1], path)
    nn.save({"x": autograd.ones(1)}, path)
    with pytest.raises(AutogradError, match="Unexpected key: x"):
        nn.load(path, net())


def test_as_pytorchs_programs_say_it(tmp_path):
    model = nn.Dense(2, 3)
    autograd.save(model.state_dict(), tmp_path / "model.pt")
    other = nn.Dense(2, 3)
    state = autograd.load(tmp_path / "model.pt", map_location="cpu", weights_only=True)
    other.load_state_dict(state)
    assert other.weight.tolist() == model.weight.tolist()
    with pytest.raises(DeviceError, match="load: there is no device 'cuda'"):
        autograd.load(tmp_path / "model.pt", map_location="cuda")
    with pytest.raises(DTypeError, match="weights only"):
        autograd.load(tmp_path / "model.pt", weights_only=False)


def test_the_packages_above_are_attributes():
    assert autograd.nn is nn
    assert autograd.nn.functional is nn.functional
    assert autograd.autograd.grad is autograd.grad
    with pytest.raises(AttributeError, match="has no attribute 'compile'"):
        autograd.compile  # noqa: B018 - it is the attribute that is asked for
