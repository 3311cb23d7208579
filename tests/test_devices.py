import pytest

import autograd
import nn
from autograd.errors import DeviceError


def test_a_program_for_several_kinds_of_hardware_runs_on_the_cpu():
    device = autograd.device("cuda" if autograd.cuda.is_available() else "cpu")
    x = autograd.zeros(2, device=device).to(device)
    assert x.device == device == autograd.device("cpu")
    assert x.device.type == "cpu"
    assert nn.Dense(2, 3, device=device).to(device).weight.device == device
    assert not autograd.accelerator.is_available()
    assert not autograd.backends.mps.is_available()
    assert autograd.cuda.device_count() == 0
    autograd.cuda.manual_seed_all(0)
    autograd.backends.cudnn.benchmark = False


def test_names():
    assert str(autograd.device("cuda", 1)) == "cuda:1"
    assert repr(autograd.device("cuda:1")) == "device(type='cuda', index=1)"
    assert autograd.device("cuda:1").index == 1
    assert autograd.device(autograd.device("cpu")) == autograd.device("cpu")
    assert {autograd.device("cpu"): 1}[autograd.device("cpu")] == 1


@pytest.mark.parametrize("name", ["", "cpu:x", "cpu:", 3])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(DeviceError, match="is no device"):
        autograd.device(name)


@pytest.mark.parametrize(
    "make",
    [
        lambda d: autograd.zeros(2, device=d),
        lambda d: autograd.zeros(2).to(d),
        lambda d: nn.Dense(1, 1).to(d),
        lambda d: autograd.cuda.synchronize(d),
    ],
)
def test_what_needs_absent_hardware_is_refused(make):
    with pytest.raises(DeviceError, match="cuda:0"):
        make(autograd.device("cuda:0"))
