//! The command `send`: post bodies at a rate or as fast as they are taken, and say how it went.
//!
//! `--what spans|pack|errors|transactions`, `--corpus DIR` (for pack), `--url`, `--header "a: b"`,
//! `--connections N`, `--protocol http|grpc`, `--streams N` (grpc: calls at a time on each
//! connection), `--rate ITEMS_PER_SECOND` (0: closed loop), `--seconds`, `--requests` (most),
//! `--first` (number of the first request), `--metrics URL --lag-bytes-max N` (wait while more
//! than that is accepted and not yet digested), `--kill-after PID` (kill after the last answer).

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::arguments::{Arguments, Fault};
use crate::clock::own_cpu_seconds;
use crate::grpc;
use crate::http_connection::{HttpConnection, Target};
use crate::pack::Encoding;
use crate::source::{BodyMaker, Source};
use crate::tally::Tally;

const RETRY_MIN: Duration = Duration::from_millis(100);
const RETRY_COUNT_MAX: u32 = 600;
const LOOK_EVERY: Duration = Duration::from_millis(100);
const SAID_BYTES_MAX: usize = 80;

/// What all connections share.
pub(crate) struct Load {
    pub(crate) source: Source,
    pub(crate) target: Target,
    pub(crate) header: String,
    pub(crate) connection_count: usize,
    pub(crate) stream_count: usize,
    /// Seconds between two requests; nothing: a closed loop.
    request_every: Option<Duration>,
    started: Instant,
    until: Option<Instant>,
    next: AtomicU64,
    first: u64,
    end: u64,
    is_behind: AtomicBool,
}

/// The turn of a request.
pub(crate) struct Turn {
    pub(crate) number: u64,
    /// When it is due; latency counts from here, also if the connection was still busy then.
    pub(crate) due: Option<Instant>,
}

impl Load {
    fn plan(arguments: &Arguments) -> Result<Self, Fault> {
        let source = Source::choose(arguments)?;
        let rate: f64 = arguments.number("rate", 0.0)?;
        let items = match &source {
            Source::Errors { .. } => 1.0,
            Source::Transactions { .. } => crate::transaction::SPAN_COUNT as f64 + 1.0,
            _ => arguments.number("per-request", 1000.0)?,
        };
        let seconds: f64 = arguments.number("seconds", 0.0)?;
        let first = arguments.number("first", 0)?;
        let started = Instant::now();
        Ok(Self {
            source,
            target: Target::read(arguments.text("url")?)?,
            header: arguments.text_or("header", "").to_owned(),
            connection_count: arguments.number("connections", 4)?,
            stream_count: arguments.number("streams", 4)?,
            request_every: (rate > 0.0).then(|| Duration::from_secs_f64(items / rate)),
            started,
            until: (seconds > 0.0).then(|| started + Duration::from_secs_f64(seconds)),
            next: AtomicU64::new(first),
            first,
            end: first.saturating_add(arguments.number("requests", u64::MAX)?),
            is_behind: AtomicBool::new(false),
        })
    }

    /// Returns the next turn; nothing when all is sent or time is up.
    pub(crate) fn next_turn(&self) -> Option<Turn> {
        if self.is_over() {
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if number >= self.end {
            return None;
        }
        let due = self
            .request_every
            .map(|every| self.started + every.mul_f64((number - self.first) as f64));
        if due.zip(self.until).is_some_and(|(due, until)| due > until) {
            return None;
        }
        Some(Turn { number, due })
    }

    /// Whether the server has accepted much more than it has digested.
    pub(crate) fn is_behind(&self) -> bool {
        self.is_behind.load(Ordering::Relaxed) && !self.is_over()
    }

    fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }
}

/// Sends all and returns what came of it.
pub(crate) fn run(arguments: &Arguments) -> Result<Value, Fault> {
    let load = Load::plan(arguments)?;
    let cpu_before = own_cpu_seconds();
    let is_done = AtomicBool::new(false);
    let watch = LagWatch::plan(arguments)?;
    let tally = std::thread::scope(|scope| {
        if let Some(watch) = &watch {
            scope.spawn(|| watch.look_until(&is_done, &load.is_behind));
        }
        let sent = match arguments.text_or("protocol", "http") {
            "http" => Ok(send_over_http(&load)),
            "grpc" => grpc::send(&load),
            other => Err(Fault(format!(
                "--protocol is {other:?}; expected http or grpc"
            ))),
        };
        is_done.store(true, Ordering::Relaxed);
        sent
    })?;
    let seconds = load.started.elapsed().as_secs_f64();
    kill(arguments.number("kill-after", 0)?)?;
    Ok(tally.facts(seconds, own_cpu_seconds() - cpu_before))
}

fn send_over_http(load: &Load) -> Tally {
    let all = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..load.connection_count {
            scope.spawn(|| {
                let tally = send_on_one_connection(load);
                if let Ok(mut all) = all.lock() {
                    all.add(tally);
                }
            });
        }
    });
    all.into_inner().unwrap_or_default()
}

fn send_on_one_connection(load: &Load) -> Tally {
    let head = head_of(load);
    let mut bodies = BodyMaker::new(load.source.clone());
    let mut tally = Tally::default();
    let mut connection = None;
    while let Some(turn) = load.next_turn() {
        while load.is_behind() {
            std::thread::sleep(LOOK_EVERY / 4);
        }
        let item_count = match bodies.make(turn.number) {
            Ok(Some(count)) => count,
            Ok(None) => break,
            Err(error) => {
                tally.answered(format!("no body: {error}"), Duration::ZERO);
                break;
            }
        };
        if let Some(due) = turn.due {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        let sent_at = turn.due.unwrap_or_else(Instant::now);
        post(
            load,
            &head,
            &bodies.body,
            item_count,
            sent_at,
            &mut connection,
            &mut tally,
        );
    }
    tally
}

fn post(
    load: &Load,
    head: &str,
    body: &[u8],
    item_count: u64,
    sent_at: Instant,
    connection: &mut Option<HttpConnection>,
    tally: &mut Tally,
) {
    for _ in 0..RETRY_COUNT_MAX {
        let mut open = match connection.take() {
            Some(open) => Ok(open),
            None => HttpConnection::open(&load.target.address),
        };
        let answer = match &mut open {
            Ok(open) => open.post(head, body),
            Err(error) => Err(std::io::Error::other(error.to_string())),
        };
        match answer {
            Ok(answer) if answer.status < 300 => {
                tally.answered(answer.status.to_string(), sent_at.elapsed());
                tally.accepted(item_count, body.len());
                *connection = open.ok();
                return;
            }
            Ok(answer) => {
                let said = String::from_utf8_lossy(&answer.body);
                let said: String = said.chars().take(SAID_BYTES_MAX).collect();
                tally.answered(format!("{} {said}", answer.status), sent_at.elapsed());
                *connection = open.ok();
                if ![429, 502, 503, 504].contains(&answer.status) {
                    break;
                }
                std::thread::sleep(answer.retry_after.unwrap_or(RETRY_MIN).max(RETRY_MIN));
            }
            Err(error) => {
                tally.answered(error.to_string(), sent_at.elapsed());
                std::thread::sleep(RETRY_MIN);
            }
        }
        if load.is_over() {
            break;
        }
        tally.retry_count += 1;
    }
    tally.failed_count += 1;
}

fn head_of(load: &Load) -> String {
    let encoding = match load.source.encoding() {
        Encoding::Plain => String::new(),
        packed => format!("content-encoding: {}\r\n", packed.name()),
    };
    let header = match load.header.as_str() {
        "" => String::new(),
        line => format!("{line}\r\n"),
    };
    format!(
        "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-type: {}\r\n{encoding}{header}",
        load.target.path,
        load.target.address,
        load.source.content_type(),
    )
}

/// Looks how much the server has accepted and not yet digested.
struct LagWatch {
    target: Target,
    lag_bytes_max: f64,
}

impl LagWatch {
    fn plan(arguments: &Arguments) -> Result<Option<Self>, Fault> {
        if !arguments.has("metrics") {
            return Ok(None);
        }
        Ok(Some(Self {
            target: Target::read(arguments.text("metrics")?)?,
            lag_bytes_max: arguments.number("lag-bytes-max", 256e6)?,
        }))
    }

    fn look_until(&self, is_done: &AtomicBool, is_behind: &AtomicBool) {
        let mut connection = None;
        while !is_done.load(Ordering::Relaxed) {
            let lag = connection
                .take()
                .map_or_else(|| HttpConnection::open(&self.target.address), Ok)
                .and_then(|mut open| {
                    let answer = open.get(&self.target.address, &self.target.path)?;
                    connection = Some(open);
                    Ok(lag_bytes(&String::from_utf8_lossy(&answer.body)))
                });
            // A server that does not answer is not asked to take more.
            let lag = lag.ok().flatten().unwrap_or(f64::INFINITY);
            is_behind.store(lag > self.lag_bytes_max, Ordering::Relaxed);
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

fn lag_bytes(metrics: &str) -> Option<f64> {
    metrics
        .lines()
        .find_map(|line| line.strip_prefix("vedette_journal_lag_bytes "))
        .and_then(|text| text.trim().parse().ok())
}

fn kill(pid: i32) -> Result<(), Fault> {
    if pid == 0 {
        return Ok(());
    }
    let pid =
        rustix::process::Pid::from_raw(pid).ok_or_else(|| Fault(format!("{pid} is no process")))?;
    rustix::process::kill_process(pid, rustix::process::Signal::KILL)
        .map_err(|error| Fault(error.to_string()))
}
