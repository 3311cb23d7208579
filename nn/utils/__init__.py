"""Tools for networks that are no layers."""

import importlib
from typing import Any

from nn.utils import parametrize as parametrize, rnn as rnn, stateless as stateless
from nn.utils.clip_grad import (
    clip_grad_norm as clip_grad_norm,
    clip_grad_norm_ as clip_grad_norm_,
    clip_grad_value_ as clip_grad_value_,
    clip_grads_with_norm_ as clip_grads_with_norm_,
    get_total_norm as get_total_norm,
)
from nn.utils.convert_parameters import (
    parameters_to_vector as parameters_to_vector,
    vector_to_parameters as vector_to_parameters,
)
from nn.utils.fusion import (
    fuse_conv_bn_eval as fuse_conv_bn_eval,
    fuse_conv_bn_weights as fuse_conv_bn_weights,
    fuse_linear_bn_eval as fuse_linear_bn_eval,
    fuse_linear_bn_weights as fuse_linear_bn_weights,
)
from nn.utils.init import skip_init as skip_init
from nn.utils.spectral_norm import (
    remove_spectral_norm as remove_spectral_norm,
    spectral_norm as spectral_norm,
)
from nn.utils.weight_norm import (
    remove_weight_norm as remove_weight_norm,
    weight_norm as weight_norm,
)


def __getattr__(name: str) -> Any:
    """``parametrizations`` and ``swa_utils``, imported when they are first asked for: few programs
    do, and all would wait for them."""
    if name in ("parametrizations", "swa_utils"):
        return importlib.import_module(f"nn.utils.{name}")
    raise AttributeError(f"module 'nn.utils' has no attribute {name!r}")
