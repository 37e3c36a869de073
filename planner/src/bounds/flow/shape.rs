//! Where the device is left in a group of fused blocks.

/// How the blocks of a group share their tiles among device and server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape(u8);

impl Shape {
    /// The first blocks run on the device whole.
    pub(super) const HOLDS: u8 = 1;
    /// Some tiles of the block behind those start on the server.
    pub(super) const STARTS: u8 = 2;
    /// Others on both sides follow on that block.
    pub(super) const OPENS: u8 = 4;
    /// The last blocks run on the server whole.
    pub(super) const CEDES: u8 = 8;
    /// How many there are.
    pub const COUNT: usize = 16;

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT as u8).map(Self)
    }

    /// Its place among all.
    pub fn place(self) -> usize {
        self.0.into()
    }

    /// Whether the first blocks run on the device whole.
    pub fn holds(self) -> bool {
        self.has(Self::HOLDS)
    }

    /// Whether the last blocks run on the server whole.
    pub fn cedes(self) -> bool {
        self.has(Self::CEDES)
    }

    /// Whether all blocks but the last run on the device whole and send nothing, and all its tiles begin there.
    pub fn only_holds(self) -> bool {
        self.0 == Self::HOLDS
    }

    pub(super) fn has(self, bit: u8) -> bool {
        self.0 & bit > 0
    }
}
