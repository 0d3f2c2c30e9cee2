//! OTLP over gRPC: a raw-bytes server that asks for admission and writes to the journal.
