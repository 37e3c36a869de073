//! Tensor shapes.

use serde::{Deserialize, Serialize};

/// The largest channel count, height or width of a tensor.
pub const MAX_DIMENSION: u32 = 65_536;

/// Channels × height × width of a tensor; the batch is one picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "[u32; 3]", from = "[u32; 3]")]
pub struct Shape {
    /// Channels.
    pub channels: u32,
    /// Rows.
    pub height: u32,
    /// Columns.
    pub width: u32,
}

impl Shape {
    /// `channels × height × width`.
    pub const fn new(channels: u32, height: u32, width: u32) -> Self {
        Self { channels, height, width }
    }

    /// Number of elements.
    pub const fn elements(self) -> u64 {
        self.channels as u64 * self.height as u64 * self.width as u64
    }

    /// Rows × columns.
    pub const fn area(self) -> u64 {
        self.height as u64 * self.width as u64
    }
}

impl From<Shape> for [u32; 3] {
    fn from(shape: Shape) -> Self {
        [shape.channels, shape.height, shape.width]
    }
}

impl From<[u32; 3]> for Shape {
    fn from([channels, height, width]: [u32; 3]) -> Self {
        Self { channels, height, width }
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}×{}×{}", self.channels, self.height, self.width)
    }
}
