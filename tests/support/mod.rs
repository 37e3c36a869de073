//! What several tests share.

pub mod digests;
