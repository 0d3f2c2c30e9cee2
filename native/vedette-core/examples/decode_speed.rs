//! How fast trace requests become blocks on one core.
//!
//! `cargo run --release --example decode_speed -- FOLDER [BODIES_PER_BATCH] [ROUNDS] [scrub]`, where
//! the folder has request bodies (`*.pb`, protobuf, not packed), such as `bench/corpus` has.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use vedette_core::otlp::{Body, Decoder, ProjectRules, Signal};
use vedette_core::rows::TimeWindow;
use vedette_core::scrub::{KeyRules, Scrubber};

/// Names as in `vedette.model.promoted`; those that the corpus has.
const PROMOTED: [(&str, &str); 12] = [
    ("http_method", "http.request.method http.method"),
    ("http_status", "http.response.status_code http.status_code"),
    ("http_route", "http.route"),
    ("db_system", "db.system.name db.system"),
    ("db_collection", "db.collection.name db.sql.table"),
    (
        "messaging_destination",
        "messaging.destination.name messaging.destination",
    ),
    ("server_address", "server.address net.peer.name"),
    ("peer_service", "peer.service"),
    ("exception_type", "exception.type error.type"),
    ("user_id", "user.id enduser.id"),
    ("session_id", "session.id"),
    ("thread_id", "thread.id"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let folder = arguments
        .next()
        .ok_or("a folder with *.pb files is wanted")?;
    let batch_len = arguments.next().map_or(Ok(50), |text| text.parse())?;
    let rounds = arguments.next().map_or(Ok(5), |text| text.parse())?;
    let bodies = read_bodies(Path::new(&folder))?;
    let window = TimeWindow {
        past_ns_max: i64::MAX,
        future_ns_max: i64::MAX,
    };
    let mut decoder = Decoder::new(&promoted(), &[], &[], window)?;
    if arguments.next().is_some_and(|word| word == "scrub") {
        let scrubber = Scrubber::new(KeyRules::new(true, &[], &[]), false)?;
        let rules = ProjectRules {
            scrubber: Some(Arc::new(scrubber)),
            drops_health_checks: true,
        };
        decoder.set_rules([(1, rules)].into_iter().collect());
    }
    for _ in 0..rounds {
        let (rows, byte_count, time) = decode_all(&mut decoder, &bodies, batch_len);
        report(rows, byte_count, time)?;
    }
    Ok(())
}

fn promoted() -> Vec<(String, Vec<String>)> {
    let names = |names: &str| names.split(' ').map(str::to_string).collect();
    PROMOTED
        .iter()
        .map(|(column, all)| ((*column).to_string(), names(all)))
        .collect()
}

fn read_bodies(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "pb") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(fs::read).collect()
}

fn decode_all(
    decoder: &mut Decoder,
    bodies: &[Vec<u8>],
    batch_len: usize,
) -> (usize, usize, Duration) {
    let (mut rows, mut byte_count) = (0, 0);
    let start = Instant::now();
    for batch in bodies.chunks(batch_len.max(1)) {
        let batch: Vec<_> = batch
            .iter()
            .map(|bytes| Body {
                project_id: 1,
                received_ns: 1,
                encoding: "",
                bytes,
            })
            .collect();
        for block in decoder.decode(Signal::Traces, &batch).blocks {
            byte_count += block.bytes.len();
            rows += if block.table == "spans" {
                block.rows
            } else {
                0
            };
        }
    }
    (rows, byte_count, start.elapsed())
}

fn report(rows: usize, byte_count: usize, time: Duration) -> io::Result<()> {
    let micros = time.as_micros().max(1);
    let per_second = rows as u128 * 1_000_000 / micros;
    let nanos_per_span = micros * 1000 / (rows as u128).max(1);
    let bytes_per_span = byte_count / rows.max(1);
    writeln!(
        io::stdout(),
        "{rows} spans: {per_second} per second, {nanos_per_span} ns and {bytes_per_span} bytes each"
    )
}
