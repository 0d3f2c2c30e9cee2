//! The road of one call: whose it is, what it holds, into the journal, then the answer.

use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Request};
use hyper::body::Incoming;
use tokio::sync::oneshot;
use vedette_core::otlp::{ItemCount, Signal, count};
use vedette_journal::{Journal, Refusal, Waiter};

use crate::answer::{Answer, failure, not_grpc, success};
use crate::door::{Asked, Door, Fault, Spoiled, Verdict};
use crate::message::{InFlight, Message, MessageLimits, receive};
use crate::not_received::NotReceived;
use crate::status::{Code, Status, export_response};

const SERVICES: [(&str, &str); 4] = [
    (
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        "traces",
    ),
    (
        "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
        "logs",
    ),
    (
        "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        "metrics",
    ),
    (
        "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export",
        "profiles",
    ),
];
const HEALTH_CHECK: &str = "/grpc.health.v1.Health/Check";
/// A `HealthCheckResponse` whose status is SERVING.
const SERVING: [u8; 2] = [0x08, 0x01];
/// A busy disk clears in a moment, a full journal does not.
const BUSY_RETRY_S: f64 = 1.0;
const FULL_RETRY_S: f64 = 10.0;

/// What every call needs.
pub(crate) struct Tools {
    pub(crate) door: Arc<dyn Door>,
    pub(crate) journal: Arc<Journal>,
    pub(crate) limits: MessageLimits,
    pub(crate) in_flight: InFlight,
}

/// Answer one request, whatever it is.
pub(crate) async fn answer(
    request: Request<Incoming>,
    peer_address: String,
    tools: &Tools,
) -> Answer {
    if request.method() != Method::POST || !is_grpc(request.headers()) {
        return not_grpc();
    }
    let path = request.uri().path();
    let found = SERVICES.iter().find(|(service, _)| *service == path);
    let outcome = match found {
        Some((_, signal)) => export(signal, request, peer_address, tools).await,
        None if path == HEALTH_CHECK => Ok(SERVING.to_vec()),
        None => Err(Status::new(
            Code::Unimplemented,
            format!("there is no {path}"),
        )),
    };
    match outcome {
        Ok(message) => success(&message),
        Err(status) => failure(&status),
    }
}

async fn export(
    signal: &'static str,
    request: Request<Incoming>,
    peer_address: String,
    tools: &Tools,
) -> Result<Vec<u8>, Status> {
    let (head, body) = request.into_parts();
    let opened = open(signal, &head.headers, body, tools).await;
    let (message, items) = match opened {
        Ok(opened) => opened,
        Err(NotReceived { status, fault }) => {
            if let Some(fault) = fault {
                tools.door.turned_away(Spoiled {
                    signal,
                    metadata: text_metadata(&head.headers),
                    peer_address,
                    fault,
                });
            }
            return Err(status);
        }
    };
    let verdict = tools.door.admit(Asked {
        signal,
        metadata: text_metadata(&head.headers),
        peer_address,
        item_count: items.all,
        byte_count: message.bytes.len() as u64,
    });
    let meta = match verdict {
        Verdict::Admitted { meta } => meta,
        Verdict::Refused {
            code,
            message,
            retry_s,
        } => {
            return Err(Status::of_number(code, message, retry_s));
        }
    };
    let taken = write_down(meta, message.bytes, tools).await;
    // Until here the bytes were in this process's hands.
    drop(message.held);
    taken.map_err(|refusal| not_taken(&refusal))?;
    Ok(export_response(items.faulty))
}

/// Receive the message, and see what is in it.
async fn open(
    signal: &str,
    headers: &HeaderMap,
    body: Incoming,
    tools: &Tools,
) -> Result<(Message, ItemCount), NotReceived> {
    let message = receive(headers, body, &tools.limits, &tools.in_flight).await?;
    let items = count_items(signal, &message.bytes)?;
    Ok((message, items))
}

fn count_items(signal: &str, message: &[u8]) -> Result<ItemCount, NotReceived> {
    match Signal::of(signal) {
        Some(signal) => count(message, signal).map_err(|malformed| {
            let sentence = format!("cannot read the message: {malformed}");
            NotReceived::by_sender(Fault::Unreadable, sentence)
        }),
        // Profiles are kept as they are, and count as one.
        None => Ok(ItemCount { all: 1, faulty: 0 }),
    }
}

/// Put the body into the journal; done when it is durable.
async fn write_down(meta: Vec<u8>, body: Vec<u8>, tools: &Tools) -> Result<u64, Refusal> {
    let (tell, told) = oneshot::channel();
    let waiter = Waiter::Callback(Box::new(move |outcome| {
        // A sender who went away hears nothing; the record is there all the same.
        let _nobody_waits = tell.send(outcome);
    }));
    tools
        .journal
        .append(meta, body, tools.door.now_ns(), waiter)?;
    told.await.unwrap_or(Err(Refusal::Closed))
}

fn not_taken(refusal: &Refusal) -> Status {
    let retry_s = match refusal {
        Refusal::Busy(_) => BUSY_RETRY_S,
        Refusal::Full(_) | Refusal::Closed | Refusal::Failed(_) => FULL_RETRY_S,
    };
    Status::retry(Code::Unavailable, refusal.to_string(), retry_s)
}

fn is_grpc(headers: &HeaderMap) -> bool {
    let value = headers
        .get(CONTENT_TYPE)
        .map_or(&b""[..], |value| value.as_bytes());
    match value.strip_prefix(b"application/grpc") {
        Some(rest) => matches!(rest.first(), None | Some(b'+' | b';')),
        None => false,
    }
}

/// Names and values that are text; several values of one name are joined as HTTP says.
fn text_metadata(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut metadata = Vec::with_capacity(headers.keys_len());
    for name in headers.keys() {
        let values: Vec<&str> = headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        metadata.push((name.as_str().to_owned(), values.join(", ")));
    }
    metadata
}
