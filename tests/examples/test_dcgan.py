"""The adversarial networks: their steps, their samples, and that they can be resumed."""

from __future__ import annotations

import re

import pytest

import autograd
import nn
from examples import dcgan
from examples.recognition import recognised

pytestmark = pytest.mark.usefixtures("restored_seed")


def results(captured) -> list[str]:
    return re.findall(r"step .*", captured.out)


@pytest.mark.parametrize("model", ["cnn", "mlp"])
def test_a_step_makes_both_networks_better_at_once(model):
    autograd.manual_seed(0)
    competition = dcgan.Competition(model)
    real, labels = autograd.ones(16, 1, 28, 28), autograd.arange(16) % 10
    for _ in range(10):
        competition.step(real, labels)
    told = [competition.judged(x, labels).mean() for x in (real, -real)]
    assert told[0] > told[1]
    samples = competition.samples(autograd.arange(5))
    assert samples.shape == (5, 1, 28, 28)
    assert 0 <= samples.min() <= samples.max() <= 1


def test_each_network_is_trained_by_its_own_optimizer():
    autograd.manual_seed(0)
    competition = dcgan.Competition("mlp")
    before = [parameter.clone() for parameter in competition.discriminator.parameters()]
    competition.judging.step = lambda: None
    competition.step(autograd.ones(16, 1, 28, 28), autograd.arange(16) % 10)
    after = competition.discriminator.parameters()
    assert all(autograd.equal(old, new) for old, new in zip(before, after))


def test_it_can_be_resumed(digits, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(dcgan.digits, "DATA", digits)
    monkeypatch.setattr(dcgan, "TEST_EVERY", 6)
    options = ["--model", "mlp", "--steps", "12", "--out"]
    dcgan.main([*options, str(tmp_path / "whole")])
    captured = capsys.readouterr()
    assert captured.err == ""
    whole = results(captured)
    assert len(whole) == 2
    step, steps = dcgan.Competition.step, iter(range(100))

    def interrupted(self, real, labels):
        if next(steps) == 8:
            raise KeyboardInterrupt
        step(self, real, labels)

    monkeypatch.setattr(dcgan.Competition, "step", interrupted)
    with pytest.raises(SystemExit, match="--resume"):
        dcgan.main([*options, str(tmp_path / "parts")])
    assert results(capsys.readouterr()) == whole[:1]
    dcgan.main([*options, str(tmp_path / "parts"), "--resume"])
    assert results(capsys.readouterr()) == whole[1:]
    assert (tmp_path / "whole" / "mlp.png").read_bytes() == (
        tmp_path / "parts" / "mlp.png"
    ).read_bytes()


def test_a_discriminator_judges_an_image_as_one_of_its_digit():
    competition = dcgan.Competition("mlp")
    competition.discriminator = nn.Identity()
    scores = autograd.arange(20.0).reshape(2, 10)
    assert competition.judged(scores, autograd.tensor([3, 7])).tolist() == [[3.0], [17.0]]


def test_recognised_is_what_is_surely_the_right_digit():
    scores = autograd.tensor([[9.0] + 9 * [0.0], [2.0] + 9 * [0.0], 9 * [0.0] + [9.0]])
    asked = autograd.tensor([0, 0, 9])
    assert recognised(nn.Identity(), scores, asked) == pytest.approx(2 / 3)
    assert recognised(nn.Identity(), scores, autograd.tensor([1, 0, 9])) == pytest.approx(1 / 3)
