//! Load for benchmarks: makes telemetry of a made-up shop and sends it, at little cost of its own.
//!
//! ```text
//! vedette-bench corpus --out DIR --requests 5000 --encoding zstd   bodies, written to a file
//! vedette-bench traces --seed 1 --first 0 --count 3                the traces of some requests
//! vedette-bench send --url http://127.0.0.1:4318/v1/traces …       see send.rs
//! vedette-bench null --address 127.0.0.1:9999 --protocol http      a server that only reads
//! ```
//!
//! Every command prints one JSON value. The same seed gives the same requests.

#![allow(
    clippy::indexing_slicing,
    reason = "tables of fixed length are indexed; a wrong index may end a benchmark"
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "figures are small, and their last digits do not matter"
)]

mod arguments;
mod attributes;
mod clock;
mod corpus;
mod dice;
mod error_event;
mod grpc;
mod http_connection;
mod null_server;
mod pack;
mod request;
mod send;
mod shop;
mod source;
mod tally;
#[cfg(test)]
mod tests;
mod trace;
mod transaction;
mod wire;

use std::io::Write;
use std::process::ExitCode;

use arguments::{Arguments, Fault};

fn main() -> ExitCode {
    match run() {
        Ok(answer) => {
            let written = writeln!(std::io::stdout(), "{answer}");
            ExitCode::from(u8::from(written.is_err()))
        }
        Err(fault) => {
            // Nowhere is left to say that even this failed.
            let _ = writeln!(std::io::stderr(), "vedette-bench: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<serde_json::Value, Fault> {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let arguments = Arguments::read(words)?;
    match command.as_str() {
        "corpus" => corpus::run(&arguments),
        "traces" => corpus::run_traces(&arguments),
        "send" => send::run(&arguments),
        "null" => null_server::run(&arguments),
        other => Err(Fault(format!(
            "{other:?} is no command; there are corpus, traces, send, null"
        ))),
    }
}
