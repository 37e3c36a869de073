//! What a layer does: its operation and parameters, by the names of the model file.

use super::Shape;

/// How a window slides along one axis of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Axis {
    /// Number of taps.
    pub kernel: u32,
    /// Step between neighbouring outputs.
    pub stride: u32,
    /// Step between neighbouring taps.
    pub dilation: u32,
    /// Zeros before the first element.
    pub before: u32,
    /// Zeros after the last element.
    pub after: u32,
}

impl Axis {
    /// The extent of the window: `dilation·(kernel − 1) + 1`.
    pub fn extent(self) -> u64 {
        u64::from(self.dilation) * u64::from(self.kernel - 1) + 1
    }
}

/// A sliding window over rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Along the rows (height).
    pub rows: Axis,
    /// Along the columns (width).
    pub columns: Axis,
}

impl Window {
    /// A square window with equal steps and the same padding on all sides.
    pub const fn square(kernel: u32, stride: u32, padding: u32) -> Self {
        let axis = Axis { kernel, stride, dilation: 1, before: padding, after: padding };
        Self { rows: axis, columns: axis }
    }

    /// Taps of the window: `kh·kw`.
    pub fn taps(self) -> u64 {
        u64::from(self.rows.kernel) * u64::from(self.columns.kernel)
    }
}

/// A convolution, or a transposed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Conv {
    /// Channels of the output.
    pub out_channels: u32,
    /// The kernel's window.
    pub window: Window,
    /// Channel groups; input and output channels divide by it.
    pub groups: u32,
    /// Whether each output channel has a bias.
    pub bias: bool,
}

/// A pooling layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pool {
    /// The pool's window.
    pub window: Window,
    /// Whether the last window may hang over the edge (PyTorch's rule).
    pub ceil_mode: bool,
}

/// What a layer computes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// Convolution.
    Conv(Conv),
    /// Transposed convolution, with extra rows and columns at the end of the output.
    ConvTranspose(Conv, [u32; 2]),
    /// Fully connected; flattens its input by itself.
    Linear {
        /// Outputs.
        out_features: u32,
        /// Whether each output has a bias.
        bias: bool,
    },
    /// Maximum over a window.
    MaxPool(Pool),
    /// Mean over a window.
    AvgPool(Pool),
    /// Mean over all rows and columns.
    GlobalAvgPool,
    /// Mean over as many windows as the output has positions.
    AdaptiveAvgPool {
        /// Height and width of the output.
        out: [u32; 2],
    },
    /// Elementwise sum.
    Add,
    /// Elementwise product.
    Mul,
    /// All inputs' channels, one after the other.
    Concat,
    /// An elementwise function, by its name.
    Activation(String),
    /// Batch normalisation: two parameters a channel.
    BatchNorm,
    /// Local response normalisation across channels.
    Lrn,
    /// Nothing, at inference.
    Dropout,
    /// C×H×W to (C·H·W)×1×1.
    Flatten,
    /// Softmax over the channels.
    Softmax,
    /// Nearest-neighbour enlargement.
    Upsample {
        /// Factor along height and width.
        factor: [u32; 2],
    },
    /// Zeros around the map.
    Pad {
        /// Top, left, bottom, right.
        padding: [u32; 4],
    },
    /// Reorders the channels.
    ChannelShuffle {
        /// Channel groups.
        groups: u32,
    },
    /// The channels `from..to`.
    Slice {
        /// First channel.
        from: u32,
        /// Channel behind the last.
        to: u32,
    },
    /// Moves `block × block` neighbourhoods into channels.
    SpaceToDepth {
        /// Side of a neighbourhood.
        block: u32,
    },
    /// Whatever else there is, with its cost given.
    Custom {
        /// Its output.
        out: Shape,
        /// Its work.
        flops: u64,
        /// Bytes of its weights.
        weight_bytes: u64,
    },
}

impl Op {
    /// Whether rows and columns are treated alike: on square maps it does to a transposed map what it
    /// does to the map.
    pub fn is_symmetric(&self) -> bool {
        let alike = |window: Window| window.rows == window.columns;
        match self {
            Op::Conv(conv) => alike(conv.window),
            Op::ConvTranspose(conv, [rows, columns]) => alike(conv.window) && rows == columns,
            Op::MaxPool(pool) | Op::AvgPool(pool) => alike(pool.window),
            Op::Upsample { factor: [rows, columns] } => rows == columns,
            Op::Pad { padding: [top, left, bottom, right] } => top == left && bottom == right,
            _ => true,
        }
    }

    /// The name in model files.
    pub fn name(&self) -> &'static str {
        match self {
            Op::Conv(_) => "conv",
            Op::ConvTranspose(..) => "conv_transpose",
            Op::Linear { .. } => "linear",
            Op::MaxPool(_) => "max_pool",
            Op::AvgPool(_) => "avg_pool",
            Op::GlobalAvgPool => "global_avg_pool",
            Op::AdaptiveAvgPool { .. } => "adaptive_avg_pool",
            Op::Add => "add",
            Op::Mul => "mul",
            Op::Concat => "concat",
            Op::Activation(_) => "activation",
            Op::BatchNorm => "batch_norm",
            Op::Lrn => "lrn",
            Op::Dropout => "dropout",
            Op::Flatten => "flatten",
            Op::Softmax => "softmax",
            Op::Upsample { .. } => "upsample",
            Op::Pad { .. } => "pad",
            Op::ChannelShuffle { .. } => "channel_shuffle",
            Op::Slice { .. } => "slice",
            Op::SpaceToDepth { .. } => "space_to_depth",
            Op::Custom { .. } => "custom",
        }
    }

    /// Whether the layer costs nothing because a runtime folds it into its neighbour
    /// (planning model §3).
    pub fn is_folded(&self) -> bool {
        matches!(
            self,
            Op::Activation(_)
                | Op::BatchNorm
                | Op::Dropout
                | Op::Concat
                | Op::Flatten
                | Op::ChannelShuffle { .. }
                | Op::Slice { .. }
                | Op::SpaceToDepth { .. }
        )
    }

    /// Whether a tensor whose only consumer this is belongs to the stage before (planning model §1).
    pub(super) fn joins_its_producer(&self) -> bool {
        matches!(self, Op::Activation(_) | Op::BatchNorm | Op::Dropout)
    }
}
