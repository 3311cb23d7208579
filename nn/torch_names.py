"""PyTorch's spelling of the modules that are spelled otherwise here."""

from __future__ import annotations

from nn.activation import Softmax2D
from nn.convolution import (
    Conv1D,
    Conv2D,
    Conv3D,
    ConvTranspose1D,
    ConvTranspose2D,
    ConvTranspose3D,
)
from nn.dropout import Dropout1D, Dropout2D, Dropout3D
from nn.lazy import (
    LazyBatchNorm1D,
    LazyBatchNorm2D,
    LazyBatchNorm3D,
    LazyConv1D,
    LazyConv2D,
    LazyConv3D,
    LazyConvTranspose1D,
    LazyConvTranspose2D,
    LazyConvTranspose3D,
    LazyDense,
    LazyInstanceNorm1D,
    LazyInstanceNorm2D,
    LazyInstanceNorm3D,
)
from nn.linear import Dense
from nn.normalization import (
    BatchNorm1D,
    BatchNorm2D,
    BatchNorm3D,
    CrossMapLRN2D,
    InstanceNorm1D,
    InstanceNorm2D,
    InstanceNorm3D,
)
from nn.padding import (
    CircularPad1D,
    CircularPad2D,
    CircularPad3D,
    ConstantPad1D,
    ConstantPad2D,
    ConstantPad3D,
    ReflectionPad1D,
    ReflectionPad2D,
    ReflectionPad3D,
    ReplicationPad1D,
    ReplicationPad2D,
    ReplicationPad3D,
    ZeroPad1D,
    ZeroPad2D,
    ZeroPad3D,
)
from nn.pooling import (
    AdaptiveAvgPool1D,
    AdaptiveAvgPool2D,
    AdaptiveAvgPool3D,
    AdaptiveMaxPool1D,
    AdaptiveMaxPool2D,
    AdaptiveMaxPool3D,
    AvgPool1D,
    AvgPool2D,
    AvgPool3D,
    FractionalMaxPool2D,
    FractionalMaxPool3D,
    LPPool1D,
    LPPool2D,
    LPPool3D,
    MaxPool1D,
    MaxPool2D,
    MaxPool3D,
)
from nn.unpooling import MaxUnpool1D, MaxUnpool2D, MaxUnpool3D
from nn.vision import UpsamplingBilinear2D, UpsamplingNearest2D

Linear = Dense
Conv1d, Conv2d, Conv3d = Conv1D, Conv2D, Conv3D
ConvTranspose1d, ConvTranspose2d, ConvTranspose3d = (
    ConvTranspose1D,
    ConvTranspose2D,
    ConvTranspose3D,
)
MaxPool1d, MaxPool2d, MaxPool3d = MaxPool1D, MaxPool2D, MaxPool3D
AvgPool1d, AvgPool2d, AvgPool3d = AvgPool1D, AvgPool2D, AvgPool3D
AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d = (
    AdaptiveAvgPool1D,
    AdaptiveAvgPool2D,
    AdaptiveAvgPool3D,
)
AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d = (
    AdaptiveMaxPool1D,
    AdaptiveMaxPool2D,
    AdaptiveMaxPool3D,
)
BatchNorm1d, BatchNorm2d, BatchNorm3d = BatchNorm1D, BatchNorm2D, BatchNorm3D
InstanceNorm1d, InstanceNorm2d, InstanceNorm3d = InstanceNorm1D, InstanceNorm2D, InstanceNorm3D
LPPool1d, LPPool2d, LPPool3d = LPPool1D, LPPool2D, LPPool3D
MaxUnpool1d, MaxUnpool2d, MaxUnpool3d = MaxUnpool1D, MaxUnpool2D, MaxUnpool3D
Dropout1d, Dropout2d, Dropout3d = Dropout1D, Dropout2D, Dropout3D
ZeroPad1d, ZeroPad2d, ZeroPad3d = ZeroPad1D, ZeroPad2D, ZeroPad3D
ConstantPad1d, ConstantPad2d, ConstantPad3d = ConstantPad1D, ConstantPad2D, ConstantPad3D
ReflectionPad1d, ReflectionPad2d, ReflectionPad3d = (
    ReflectionPad1D,
    ReflectionPad2D,
    ReflectionPad3D,
)
ReplicationPad1d, ReplicationPad2d, ReplicationPad3d = (
    ReplicationPad1D,
    ReplicationPad2D,
    ReplicationPad3D,
)
CircularPad1d, CircularPad2d, CircularPad3d = CircularPad1D, CircularPad2D, CircularPad3D
FractionalMaxPool2d, FractionalMaxPool3d = FractionalMaxPool2D, FractionalMaxPool3D
CrossMapLRN2d, Softmax2d = CrossMapLRN2D, Softmax2D
UpsamplingNearest2d, UpsamplingBilinear2d = UpsamplingNearest2D, UpsamplingBilinear2D
LazyLinear = LazyDense
LazyConv1d, LazyConv2d, LazyConv3d = LazyConv1D, LazyConv2D, LazyConv3D
LazyConvTranspose1d, LazyConvTranspose2d, LazyConvTranspose3d = (
    LazyConvTranspose1D,
    LazyConvTranspose2D,
    LazyConvTranspose3D,
)
LazyBatchNorm1d, LazyBatchNorm2d, LazyBatchNorm3d = (
    LazyBatchNorm1D,
    LazyBatchNorm2D,
    LazyBatchNorm3D,
)
LazyInstanceNorm1d, LazyInstanceNorm2d, LazyInstanceNorm3d = (
    LazyInstanceNorm1D,
    LazyInstanceNorm2D,
    LazyInstanceNorm3D,
)
