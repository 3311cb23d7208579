"""Neural networks: modules that hold parameters, and the functions behind them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from nn import functional as functional, init as init, utils as utils
from nn.activation import (
    CELU as CELU,
    ELU as ELU,
    GELU as GELU,
    GLU as GLU,
    SELU as SELU,
    Hardshrink as Hardshrink,
    Hardsigmoid as Hardsigmoid,
    Hardswish as Hardswish,
    Hardtanh as Hardtanh,
    LeakyReLU as LeakyReLU,
    LogSigmoid as LogSigmoid,
    LogSoftmax as LogSoftmax,
    Mish as Mish,
    PReLU as PReLU,
    ReLU as ReLU,
    ReLU6 as ReLU6,
    RReLU as RReLU,
    Sigmoid as Sigmoid,
    SiLU as SiLU,
    Softmax as Softmax,
    Softmax2D as Softmax2D,
    Softmin as Softmin,
    Softplus as Softplus,
    Softshrink as Softshrink,
    Softsign as Softsign,
    Tanh as Tanh,
    Tanhshrink as Tanhshrink,
    Threshold as Threshold,
)
from nn.adaptive_softmax import AdaptiveLogSoftmaxWithLoss as AdaptiveLogSoftmaxWithLoss
from nn.containers import (
    ModuleDict as ModuleDict,
    ModuleList as ModuleList,
    ParameterDict as ParameterDict,
    ParameterList as ParameterList,
    Sequential as Sequential,
)
from nn.convolution import (
    Conv1D as Conv1D,
    Conv2D as Conv2D,
    Conv3D as Conv3D,
    ConvTranspose1D as ConvTranspose1D,
    ConvTranspose2D as ConvTranspose2D,
    ConvTranspose3D as ConvTranspose3D,
)
from nn.distance import (
    CosineSimilarity as CosineSimilarity,
    PairwiseDistance as PairwiseDistance,
)
from nn.dropout import (
    AlphaDropout as AlphaDropout,
    Dropout as Dropout,
    Dropout1D as Dropout1D,
    Dropout2D as Dropout2D,
    Dropout3D as Dropout3D,
    FeatureAlphaDropout as FeatureAlphaDropout,
)
from nn.embedding import Embedding as Embedding, EmbeddingBag as EmbeddingBag
from nn.lazy import (
    LazyBatchNorm1D as LazyBatchNorm1D,
    LazyBatchNorm2D as LazyBatchNorm2D,
    LazyBatchNorm3D as LazyBatchNorm3D,
    LazyConv1D as LazyConv1D,
    LazyConv2D as LazyConv2D,
    LazyConv3D as LazyConv3D,
    LazyConvTranspose1D as LazyConvTranspose1D,
    LazyConvTranspose2D as LazyConvTranspose2D,
    LazyConvTranspose3D as LazyConvTranspose3D,
    LazyDense as LazyDense,
    LazyInstanceNorm1D as LazyInstanceNorm1D,
    LazyInstanceNorm2D as LazyInstanceNorm2D,
    LazyInstanceNorm3D as LazyInstanceNorm3D,
    LazyModuleMixin as LazyModuleMixin,
)
from nn.linear import Bilinear as Bilinear, Dense as Dense, Identity as Identity
from nn.loss import (
    BCELoss as BCELoss,
    BCEWithLogitsLoss as BCEWithLogitsLoss,
    CrossEntropyLoss as CrossEntropyLoss,
    CTCLoss as CTCLoss,
    GaussianNLLLoss as GaussianNLLLoss,
    HuberLoss as HuberLoss,
    KLDivLoss as KLDivLoss,
    L1Loss as L1Loss,
    LinearCrossEntropyLoss as LinearCrossEntropyLoss,
    LinearCrossEntropyOptions as LinearCrossEntropyOptions,
    MSELoss as MSELoss,
    NLLLoss as NLLLoss,
    NLLLoss2d as NLLLoss2d,
    PoissonNLLLoss as PoissonNLLLoss,
    SmoothL1Loss as SmoothL1Loss,
)
from nn.margin_loss import (
    CosineEmbeddingLoss as CosineEmbeddingLoss,
    HingeEmbeddingLoss as HingeEmbeddingLoss,
    MarginRankingLoss as MarginRankingLoss,
    MultiLabelMarginLoss as MultiLabelMarginLoss,
    MultiLabelSoftMarginLoss as MultiLabelSoftMarginLoss,
    MultiMarginLoss as MultiMarginLoss,
    SoftMarginLoss as SoftMarginLoss,
    TripletMarginLoss as TripletMarginLoss,
    TripletMarginWithDistanceLoss as TripletMarginWithDistanceLoss,
)
from nn.module import Module as Module
from nn.multihead_attention import MultiheadAttention as MultiheadAttention
from nn.normalization import (
    BatchNorm1D as BatchNorm1D,
    BatchNorm2D as BatchNorm2D,
    BatchNorm3D as BatchNorm3D,
    CrossMapLRN2D as CrossMapLRN2D,
    GroupNorm as GroupNorm,
    InstanceNorm1D as InstanceNorm1D,
    InstanceNorm2D as InstanceNorm2D,
    InstanceNorm3D as InstanceNorm3D,
    LayerNorm as LayerNorm,
    LocalResponseNorm as LocalResponseNorm,
    RMSNorm as RMSNorm,
)
from nn.padding import (
    CircularPad1D as CircularPad1D,
    CircularPad2D as CircularPad2D,
    CircularPad3D as CircularPad3D,
    ConstantPad1D as ConstantPad1D,
    ConstantPad2D as ConstantPad2D,
    ConstantPad3D as ConstantPad3D,
    ReflectionPad1D as ReflectionPad1D,
    ReflectionPad2D as ReflectionPad2D,
    ReflectionPad3D as ReflectionPad3D,
    ReplicationPad1D as ReplicationPad1D,
    ReplicationPad2D as ReplicationPad2D,
    ReplicationPad3D as ReplicationPad3D,
    ZeroPad1D as ZeroPad1D,
    ZeroPad2D as ZeroPad2D,
    ZeroPad3D as ZeroPad3D,
)
from nn.parameter import (
    Buffer as Buffer,
    Parameter as Parameter,
    UninitializedBuffer as UninitializedBuffer,
    UninitializedParameter as UninitializedParameter,
)
from nn.pooling import (
    AdaptiveAvgPool1D as AdaptiveAvgPool1D,
    AdaptiveAvgPool2D as AdaptiveAvgPool2D,
    AdaptiveAvgPool3D as AdaptiveAvgPool3D,
    AdaptiveMaxPool1D as AdaptiveMaxPool1D,
    AdaptiveMaxPool2D as AdaptiveMaxPool2D,
    AdaptiveMaxPool3D as AdaptiveMaxPool3D,
    AvgPool1D as AvgPool1D,
    AvgPool2D as AvgPool2D,
    AvgPool3D as AvgPool3D,
    FractionalMaxPool2D as FractionalMaxPool2D,
    FractionalMaxPool3D as FractionalMaxPool3D,
    LPPool1D as LPPool1D,
    LPPool2D as LPPool2D,
    LPPool3D as LPPool3D,
    MaxPool1D as MaxPool1D,
    MaxPool2D as MaxPool2D,
    MaxPool3D as MaxPool3D,
)
from nn.recurrent import GRU as GRU, LSTM as LSTM, RNN as RNN, RNNBase as RNNBase
from nn.recurrent_cells import (
    GRUCell as GRUCell,
    LSTMCell as LSTMCell,
    RNNCell as RNNCell,
    RNNCellBase as RNNCellBase,
)
from nn.saving import load as load, save as save
from nn.shape import Flatten as Flatten, Unflatten as Unflatten
from nn.torch_names import (
    AdaptiveAvgPool1d as AdaptiveAvgPool1d,
    AdaptiveAvgPool2d as AdaptiveAvgPool2d,
    AdaptiveAvgPool3d as AdaptiveAvgPool3d,
    AdaptiveMaxPool1d as AdaptiveMaxPool1d,
    AdaptiveMaxPool2d as AdaptiveMaxPool2d,
    AdaptiveMaxPool3d as AdaptiveMaxPool3d,
    AvgPool1d as AvgPool1d,
    AvgPool2d as AvgPool2d,
    AvgPool3d as AvgPool3d,
    BatchNorm1d as BatchNorm1d,
    BatchNorm2d as BatchNorm2d,
    BatchNorm3d as BatchNorm3d,
    CircularPad1d as CircularPad1d,
    CircularPad2d as CircularPad2d,
    CircularPad3d as CircularPad3d,
    ConstantPad1d as ConstantPad1d,
    ConstantPad2d as ConstantPad2d,
    ConstantPad3d as ConstantPad3d,
    Conv1d as Conv1d,
    Conv2d as Conv2d,
    Conv3d as Conv3d,
    ConvTranspose1d as ConvTranspose1d,
    ConvTranspose2d as ConvTranspose2d,
    ConvTranspose3d as ConvTranspose3d,
    CrossMapLRN2d as CrossMapLRN2d,
    Dropout1d as Dropout1d,
    Dropout2d as Dropout2d,
    Dropout3d as Dropout3d,
    FractionalMaxPool2d as FractionalMaxPool2d,
    FractionalMaxPool3d as FractionalMaxPool3d,
    InstanceNorm1d as InstanceNorm1d,
    InstanceNorm2d as InstanceNorm2d,
    InstanceNorm3d as InstanceNorm3d,
    LazyBatchNorm1d as LazyBatchNorm1d,
    LazyBatchNorm2d as LazyBatchNorm2d,
    LazyBatchNorm3d as LazyBatchNorm3d,
    LazyConv1d as LazyConv1d,
    LazyConv2d as LazyConv2d,
    LazyConv3d as LazyConv3d,
    LazyConvTranspose1d as LazyConvTranspose1d,
    LazyConvTranspose2d as LazyConvTranspose2d,
    LazyConvTranspose3d as LazyConvTranspose3d,
    LazyInstanceNorm1d as LazyInstanceNorm1d,
    LazyInstanceNorm2d as LazyInstanceNorm2d,
    LazyInstanceNorm3d as LazyInstanceNorm3d,
    LazyLinear as LazyLinear,
    Linear as Linear,
    LPPool1d as LPPool1d,
    LPPool2d as LPPool2d,
    LPPool3d as LPPool3d,
    MaxPool1d as MaxPool1d,
    MaxPool2d as MaxPool2d,
    MaxPool3d as MaxPool3d,
    MaxUnpool1d as MaxUnpool1d,
    MaxUnpool2d as MaxUnpool2d,
    MaxUnpool3d as MaxUnpool3d,
    ReflectionPad1d as ReflectionPad1d,
    ReflectionPad2d as ReflectionPad2d,
    ReflectionPad3d as ReflectionPad3d,
    ReplicationPad1d as ReplicationPad1d,
    ReplicationPad2d as ReplicationPad2d,
    ReplicationPad3d as ReplicationPad3d,
    Softmax2d as Softmax2d,
    UpsamplingBilinear2d as UpsamplingBilinear2d,
    UpsamplingNearest2d as UpsamplingNearest2d,
    ZeroPad1d as ZeroPad1d,
    ZeroPad2d as ZeroPad2d,
    ZeroPad3d as ZeroPad3d,
)
from nn.transformer import (
    Transformer as Transformer,
    TransformerDecoder as TransformerDecoder,
    TransformerDecoderLayer as TransformerDecoderLayer,
    TransformerEncoder as TransformerEncoder,
    TransformerEncoderLayer as TransformerEncoderLayer,
)
from nn.unpooling import (
    MaxUnpool1D as MaxUnpool1D,
    MaxUnpool2D as MaxUnpool2D,
    MaxUnpool3D as MaxUnpool3D,
)
from nn.utils.stateless import functional_call as functional_call
from nn.vision import (
    ChannelShuffle as ChannelShuffle,
    Fold as Fold,
    PixelShuffle as PixelShuffle,
    PixelUnshuffle as PixelUnshuffle,
    Unfold as Unfold,
    Upsample as Upsample,
    UpsamplingBilinear2D as UpsamplingBilinear2D,
    UpsamplingNearest2D as UpsamplingNearest2D,
)

if TYPE_CHECKING:
    from nn import callbacks as callbacks, data as data, metrics as metrics
    from nn.checkpoint import Checkpoint as Checkpoint
    from nn.history import History as History
    from nn.strictness import strict as strict
    from nn.summarizing import summary as summary
    from nn.trainer import Trainer as Trainer

# What few programs use is imported when it is first asked for.
_LATER = {
    "Checkpoint": "nn.checkpoint",
    "History": "nn.history",
    "Trainer": "nn.trainer",
    "strict": "nn.strictness",
    "summary": "nn.summarizing",
}


def __getattr__(name: str) -> Any:
    if name in ("callbacks", "data", "metrics"):
        return importlib.import_module(f"nn.{name}")
    if name not in _LATER:
        raise AttributeError(f"module 'nn' has no attribute {name!r}")
    return getattr(importlib.import_module(_LATER[name]), name)
