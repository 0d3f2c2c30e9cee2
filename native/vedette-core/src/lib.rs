//! Bytes to columns: the block writer, unpacking, and the OTLP readers. No Python, no I/O.
