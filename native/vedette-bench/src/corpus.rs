//! The command `corpus`: make request bodies on all cores and write them to a folder.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use serde_json::{Value, json};

use crate::arguments::{Arguments, Fault};
use crate::clock::now_ns;
use crate::pack::{Encoding, PackWriter};
use crate::request::{RequestMaker, Window};

/// Finished bodies that wait for the writer, of each thread.
const AHEAD_MAX: usize = 8;

struct Plan {
    seed: u64,
    spans_per_request: usize,
    request_count: u64,
    now_ns: u64,
    spread_ns: u64,
    encoding: Encoding,
}

impl Plan {
    /// Returns where in time request `number` lies: times rise, with jitter, up to `now`.
    fn window(&self, number: u64) -> Window {
        let width_ns = (self.spread_ns / self.request_count).max(1);
        Window {
            start_ns: self.now_ns - self.spread_ns + width_ns * number,
            width_ns,
        }
    }
}

struct Made {
    number: u64,
    body: Vec<u8>,
    plain_length: usize,
    trace_count: usize,
    error_count: usize,
    attribute_count: u64,
}

/// Makes and writes the corpus; returns what is in it.
pub(crate) fn run(arguments: &Arguments) -> Result<Value, Fault> {
    let folder = arguments.text("out")?.to_owned();
    let plan = Plan {
        seed: arguments.number("seed", 1)?,
        spans_per_request: arguments.number("per-request", 1000)? as usize,
        request_count: arguments.number("requests", 100)?.max(1),
        now_ns: arguments.number("now", now_ns() / 1_000_000_000)? * 1_000_000_000,
        spread_ns: arguments.number("spread", 3600)? * 1_000_000_000,
        encoding: arguments.encoding("encoding")?,
    };
    let jobs = arguments.number("jobs", 2)?.max(1);
    let began = Instant::now();
    let next = AtomicU64::new(0);
    let (results, made) = sync_channel(AHEAD_MAX * jobs as usize);
    let facts = std::thread::scope(|scope| {
        for _ in 0..jobs {
            let results = results.clone();
            let (plan, next) = (&plan, &next);
            scope.spawn(move || make_all(plan, next, &results));
        }
        drop(results);
        write_all(&plan, Path::new(&folder), &made)
    })?;
    Ok(with(facts, "seconds", began.elapsed().as_secs_f64()))
}

fn make_all(plan: &Plan, next: &AtomicU64, results: &SyncSender<io::Result<Made>>) {
    let mut requests = RequestMaker::new(plan.seed, plan.spans_per_request);
    let mut unpacked = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= plan.request_count {
            return;
        }
        let (mut trace_count, mut error_count) = (0, 0);
        let attributes_before = requests.attribute_count();
        requests.make(number, plan.window(number), &mut unpacked, &mut |note| {
            trace_count += 1;
            error_count += note.error_count;
        });
        let packed = plan.encoding.pack(&unpacked).map(|body| Made {
            number,
            body,
            plain_length: unpacked.len(),
            trace_count,
            error_count,
            attribute_count: requests.attribute_count() - attributes_before,
        });
        if results.send(packed).is_err() {
            return;
        }
    }
}

/// Writes bodies in the order of their numbers, whatever the order they come in.
fn write_all(plan: &Plan, folder: &Path, made: &Receiver<io::Result<Made>>) -> io::Result<Value> {
    let mut writer = PackWriter::create(folder, plan.encoding)?;
    let mut early = std::collections::BTreeMap::new();
    let (mut expected, mut plain_bytes) = (0, 0);
    let (mut traces, mut errors, mut attributes) = (0, 0, 0);
    for each in made {
        let each = each?;
        early.insert(each.number, each);
        while let Some(each) = early.remove(&expected) {
            writer.add(&each.body, plan.spans_per_request as u32)?;
            expected += 1;
            plain_bytes += each.plain_length;
            traces += each.trace_count;
            errors += each.error_count;
            attributes += each.attribute_count;
        }
    }
    let packed_bytes = writer.byte_count;
    writer.finish()?;
    let spans = (plan.request_count * plan.spans_per_request as u64) as f64;
    Ok(json!({
        "spans": spans,
        "requests": plan.request_count,
        "traces": traces,
        "errors": errors,
        "encoding": plan.encoding.name(),
        "bytes_per_span": plain_bytes as f64 / spans,
        "packed_bytes_per_span": packed_bytes as f64 / spans,
        "attributes_per_span": attributes as f64 / spans,
    }))
}

/// Prints, for tests and look-ups, the traces of some requests.
pub(crate) fn run_traces(arguments: &Arguments) -> Result<Value, Fault> {
    let seed = arguments.number("seed", 1)?;
    let first = arguments.number("first", 0)?;
    let count = arguments.number("count", 1)?;
    let per_request = arguments.number("per-request", 1000)? as usize;
    let mut maker = RequestMaker::new(seed, per_request);
    let (mut body, mut traces) = (Vec::new(), Vec::new());
    let window = Window {
        start_ns: 0,
        width_ns: 1,
    };
    for number in first..first + count {
        maker.make(number, window, &mut body, &mut |note| {
            traces.push(json!({
                "trace_id": format!("{:032x}", u128::from_be_bytes(note.trace_id)),
                "spans": note.span_count,
                "user": note.user,
                "order": note.order,
                "request": number,
            }));
        });
    }
    Ok(Value::Array(traces))
}

fn with(mut facts: Value, key: &str, value: f64) -> Value {
    if let Some(object) = facts.as_object_mut() {
        object.insert(key.to_owned(), json!(value));
    }
    facts
}
