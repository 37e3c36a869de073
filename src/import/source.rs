//! Files that are read here and there, so that a large one never lies in memory.

use crate::formats::Problems;
use crate::import::problem;

/// Bytes at any place: of a slice, of a file, of a file that a browser holds.
pub trait Source {
    /// Number of bytes.
    fn size(&self) -> u64;

    /// Fills the buffer from a place on; all of it lies within the size.
    ///
    /// # Errors
    /// Why the bytes cannot be had, for people.
    fn read(&mut self, from: u64, into: &mut [u8]) -> Result<(), String>;
}

impl Source for &[u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read(&mut self, from: u64, into: &mut [u8]) -> Result<(), String> {
        let from = usize::try_from(from).map_err(|_| "it ends before".to_owned())?;
        let part = self.get(from..).and_then(|rest| rest.get(..into.len())).ok_or("it ends before")?;
        into.copy_from_slice(part);
        Ok(())
    }
}

/// A file on disk.
#[cfg(not(target_arch = "wasm32"))]
pub struct FileSource {
    file: std::fs::File,
    size: u64,
}

#[cfg(not(target_arch = "wasm32"))]
impl FileSource {
    /// Opens a file.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(path: &std::path::Path) -> std::io::Result<Self> {
        let file = std::fs::File::open(path)?;
        let size = file.metadata()?.len();
        Ok(Self { file, size })
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Source for FileSource {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&mut self, from: u64, into: &mut [u8]) -> Result<(), String> {
        use std::io::{Read, Seek, SeekFrom};
        self.file
            .seek(SeekFrom::Start(from))
            .and_then(|_| self.file.read_exact(into))
            .map_err(|error| error.to_string())
    }
}

/// Bytes read at a time: small, for between a model's weights little is wanted.
const WINDOW: usize = 16 << 10;

/// A source with the bytes around the last place at hand.
pub(super) struct Window<'a> {
    source: &'a mut dyn Source,
    size: u64,
    start: u64,
    bytes: Vec<u8>,
}

impl<'a> Window<'a> {
    pub(super) fn of(source: &'a mut dyn Source) -> Self {
        let size = source.size();
        Self { source, size, start: 0, bytes: Vec::new() }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The byte at a place within the size.
    pub(super) fn byte(&mut self, at: u64) -> Result<u8, Problems> {
        let inside = |window: &Self| at.checked_sub(window.start).and_then(|i| window.bytes.get(i as usize).copied());
        if let Some(byte) = inside(self) {
            return Ok(byte);
        }
        let length = self.size.saturating_sub(at).min(WINDOW as u64) as usize;
        self.bytes.resize(length, 0);
        self.start = at;
        self.source.read(at, &mut self.bytes).map_err(unreadable)?;
        inside(self).ok_or_else(|| unreadable("it ends before".to_owned()))
    }

    /// Some bytes from a place on; the caller bounds their number.
    pub(super) fn bytes(&mut self, from: u64, length: usize) -> Result<Vec<u8>, Problems> {
        let mut all = vec![0; length];
        if length > WINDOW {
            self.source.read(from, &mut all).map_err(unreadable)?;
            return Ok(all);
        }
        for (at, byte) in (from..).zip(&mut all) {
            *byte = self.byte(at)?;
        }
        Ok(all)
    }
}

fn unreadable(why: String) -> Problems {
    problem("E050", format!("the file cannot be read ({why})"), "check that it is still there, and try again")
}
