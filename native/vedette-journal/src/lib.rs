//! The journal: records that are on disk before anyone is told so. No Python.
