//! OTLP over gRPC: messages that were packed before, several calls at a time on each connection.

use std::sync::Arc;
use std::time::Instant;

use bytes::{BufMut, Bytes, BytesMut};
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::arguments::Fault;
use crate::pack::Encoding;
use crate::send::Load;
use crate::source::BodyMaker;
use crate::tally::Tally;

const EXPORT: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
const WINDOW_BYTES: u32 = 8 << 20;

type Connection = http2::SendRequest<Full<Bytes>>;

/// Sends until there are no more turns.
pub(crate) fn send(load: &Load) -> Result<Tally, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let uri: Uri = format!("http://{}{EXPORT}", load.target.address)
        .parse()
        .map_err(|_| Fault(format!("{:?} is no address", load.target.address)))?;
    runtime.block_on(async {
        let mut connections = Vec::new();
        for _ in 0..load.connection_count {
            connections.push(open(&load.target.address).await?);
        }
        // One task tells the turns; what it starts it does not wait for until it has to.
        send_all(load, &uri, &connections).await
    })
}

async fn open(address: &str) -> Result<Connection, Fault> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(WINDOW_BYTES)
        .initial_connection_window_size(WINDOW_BYTES)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(fault)?;
    tokio::spawn(async move {
        // How a connection ended is seen by the calls on it.
        let _ = connection.await;
    });
    Ok(sender)
}

async fn send_all(load: &Load, uri: &Uri, connections: &[Connection]) -> Result<Tally, Fault> {
    let mut bodies = BodyMaker::new(load.source.clone());
    let is_packed = load.source.encoding() == Encoding::Gzip;
    let call_count_max = load.connection_count * load.stream_count;
    let mut calls: JoinSet<(String, std::time::Duration, u64, usize)> = JoinSet::new();
    let mut tally = Tally::default();
    let metadata = Arc::new(load.header.clone());
    while let Some(turn) = load.next_turn() {
        while load.is_behind() {
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        let Some(item_count) = bodies.make(turn.number)? else {
            break;
        };
        if let Some(due) = turn.due {
            tokio::time::sleep_until(due.into()).await;
        }
        while calls.len() >= call_count_max {
            note(&mut tally, calls.join_next().await);
        }
        let connection = connections[turn.number as usize % connections.len()].clone();
        let request = request(uri, &metadata, &bodies.body, is_packed)?;
        let (length, sent_at) = (bodies.body.len(), turn.due.unwrap_or_else(Instant::now));
        calls.spawn(async move {
            let word = call(connection, request).await;
            (word, sent_at.elapsed(), item_count, length)
        });
    }
    while let Some(done) = calls.join_next().await {
        note(&mut tally, Some(done));
    }
    Ok(tally)
}

fn note(
    tally: &mut Tally,
    done: Option<Result<(String, std::time::Duration, u64, usize), tokio::task::JoinError>>,
) {
    let Some(Ok((word, latency, item_count, length))) = done else {
        tally.failed_count += 1;
        return;
    };
    if word == "0" {
        tally.accepted(item_count, length);
    } else {
        tally.failed_count += 1;
    }
    tally.answered(word, latency);
}

fn request(
    uri: &Uri,
    metadata: &str,
    message: &[u8],
    is_packed: bool,
) -> Result<Request<Full<Bytes>>, Fault> {
    let mut framed = BytesMut::with_capacity(message.len() + 5);
    framed.put_u8(u8::from(is_packed));
    framed.put_u32(message.len() as u32);
    framed.put_slice(message);
    let mut builder = Request::post(uri.clone())
        .header("content-type", "application/grpc")
        .header("te", "trailers");
    if is_packed {
        builder = builder.header("grpc-encoding", "gzip");
    }
    if let Some((name, value)) = metadata.split_once(": ") {
        builder = builder.header(name, value);
    }
    builder.body(Full::new(framed.freeze())).map_err(fault)
}

/// Returns the gRPC status, "0" for success, with what was said if it was a refusal.
async fn call(mut connection: Connection, request: Request<Full<Bytes>>) -> String {
    let answer = match connection.send_request(request).await {
        Ok(answer) => answer,
        Err(error) => return error.to_string(),
    };
    // A refusal may come as trailers alone, which then stand where headers stand.
    let early = status_in(answer.headers());
    let body = match answer.into_body().collect().await {
        Ok(body) => body,
        Err(error) => return error.to_string(),
    };
    body.trailers()
        .and_then(status_in)
        .or(early)
        .unwrap_or_else(|| "no grpc-status".to_owned())
}

fn status_in(headers: &http::HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let status = text("grpc-status")?;
    match text("grpc-message") {
        Some(message) if status != "0" => Some(format!("{status} {message}")),
        _ => Some(status.to_owned()),
    }
}

fn fault(error: impl std::fmt::Display) -> Fault {
    Fault(error.to_string())
}
