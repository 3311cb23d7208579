"""PyTorch's spelling of the modules that are spelled otherwise here."""

from __future__ import annotations

from nn.convolution import (
    Conv1D,
    Conv2D,
    Conv3D,
    ConvTranspose1D,
    ConvTranspose2D,
    ConvTranspose3D,
)
from nn.linear import Dense
from nn.normalization import BatchNorm1D, BatchNorm2D, BatchNorm3D
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
    MaxPool1D,
    MaxPool2D,
    MaxPool3D,
)

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
