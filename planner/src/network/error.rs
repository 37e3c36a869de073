//! Why a network cannot be.

use super::{MAX_DIMENSION, MAX_LAYERS, MAX_NAME, Shape};

/// What is wrong, at which layer (its place in the list), or with the whole where there is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", .layer.as_ref().map(|(_, name)| format!("layer `{name}`: ")).unwrap_or_default())]
pub struct NetworkError {
    /// Index and name of the layer concerned.
    pub layer: Option<(usize, String)>,
    /// What is wrong with it.
    pub problem: Problem,
}

/// The ways in which a network or a layer can be wrong, each with its mend in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No layers at all.
    #[error("the network has no layers; list at least one")]
    NoLayers,
    /// Too many layers.
    #[error("more than {MAX_LAYERS} layers; split the network or join layers")]
    TooManyLayers,
    /// Empty, too long or reserved name.
    #[error("a name has 1 to {MAX_NAME} characters and is not `input`; choose another")]
    BadName,
    /// A name that an earlier layer has.
    #[error("an earlier layer has this name already; rename one of them")]
    DuplicateName,
    /// A layer without inputs.
    #[error("it has no inputs; name at least one earlier layer or `input`")]
    NoInputs,
    /// More or fewer inputs than the op takes.
    #[error("`{op}` takes one input, not {count}; use `add`, `mul` or `concat` to join several")]
    InputCount {
        /// The op.
        op: &'static str,
        /// Inputs given.
        count: usize,
    },
    /// A parameter outside its range.
    #[error("{what} is {value}, but must be {must}")]
    Parameter {
        /// Which.
        what: &'static str,
        /// What was given.
        value: u64,
        /// What it must be.
        must: &'static str,
    },
    /// Channels that groups do not divide.
    #[error("{channels} channels do not divide into {groups} groups; make groups a divisor of both channel counts")]
    Groups {
        /// Channels of the input or output.
        channels: u32,
        /// Groups asked for.
        groups: u32,
    },
    /// A window larger than the padded input.
    #[error(
        "its window of {extent} does not fit into {length} elements with padding; make the kernel smaller or pad more"
    )]
    WindowTooLarge {
        /// Extent of the window.
        extent: u64,
        /// Length of the axis with its padding.
        length: u64,
    },
    /// Inputs whose shapes cannot be joined.
    #[error("its inputs have shapes {first} and {other}, which `{op}` cannot join; {must}")]
    ShapeMismatch {
        /// The op.
        op: &'static str,
        /// Shape of the first input.
        first: Shape,
        /// Shape of the one that does not fit.
        other: Shape,
        /// What would fit.
        must: &'static str,
    },
    /// A tensor with a dimension of zero or above the limit.
    #[error("its output would be {channels}×{height}×{width}; every dimension must be 1 to {MAX_DIMENSION}")]
    Dimension {
        /// Channels.
        channels: u64,
        /// Height.
        height: u64,
        /// Width.
        width: u64,
    },
    /// Work or weights beyond what can be planned.
    #[error("it needs more work or memory than can be planned (2^46 operations, 2^40 weights); make it smaller")]
    TooMuchWork,
    /// More than one layer that nobody consumes.
    #[error("nobody consumes it, nor `{other}`; exactly one layer may be the output: remove one or join them")]
    SecondOutput {
        /// The other output.
        other: String,
    },
}
