//! The server: one thread that listens, serves connections and ends when told.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use vedette_journal::Journal;

use crate::call::{Tools, answer};
use crate::door::Door;
use crate::message::{InFlight, MessageLimits};

/// More than that wait in the system's own queue.
const CONNECTION_COUNT_MAX: usize = 1024;
/// Calls at the same time on one connection.
const STREAM_COUNT_MAX: u32 = 128;
const STREAM_WINDOW_BYTES: u32 = 1024 * 1024;
const CONNECTION_WINDOW_BYTES: u32 = 4 * 1024 * 1024;
const FRAME_BYTES_MAX: u32 = 64 * 1024;
/// Metadata of a call.
const HEADER_BYTES_MAX: u32 = 32 * 1024;
/// How often a silent connection is asked whether it lives, and how long it has to say so.
const KEEPALIVE_INTERVAL: Duration = Duration::from_mins(1);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);
/// Who connects speaks first, within this time.
const FIRST_BYTE_TIME_MAX: Duration = Duration::from_secs(10);
/// After a failed accept (no descriptors left): until others may have closed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A running server.
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<Option<Duration>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Server {
    /// Serve who comes to `listener`, in a thread of its own.
    ///
    /// # Errors
    /// The system has no thread or descriptor left.
    pub fn start(
        listener: StdListener,
        door: Arc<dyn Door>,
        journal: Arc<Journal>,
        limits: MessageLimits,
    ) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = {
            let _entered = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let tools = Arc::new(Tools {
            door,
            journal,
            limits,
            in_flight: InFlight::default(),
        });
        let (stop, stopping) = watch::channel(None);
        let work = move || runtime.block_on(serve(listener, tools, stopping));
        let thread = thread::Builder::new()
            .name("otlp-grpc".to_owned())
            .spawn(work)?;
        Ok(Self {
            address,
            stop,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Take no more calls, finish those that are there within `grace`, and end.
    pub fn stop(&self, grace: Duration) {
        self.tell_to_stop(grace);
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            // Its panic was printed where it happened.
            let _panic_was_printed = thread.join();
        }
    }

    fn tell_to_stop(&self, grace: Duration) {
        self.stop.send_if_modified(|stop| {
            let is_first = stop.is_none();
            stop.get_or_insert(grace);
            is_first
        });
    }
}

impl Drop for Server {
    /// Ends without waiting: the thread may want a lock that the dropping one holds.
    fn drop(&mut self) {
        self.tell_to_stop(Duration::ZERO);
    }
}

async fn serve(
    listener: TcpListener,
    tools: Arc<Tools>,
    mut stop: watch::Receiver<Option<Duration>>,
) {
    let stopping = stop.clone();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept(), if connections.len() < CONNECTION_COUNT_MAX => {
                match accepted {
                    Ok((stream, peer)) => {
                        connections.spawn(serve_connection(
                            stream, peer, Arc::clone(&tools), stopping.clone(),
                        ));
                    }
                    Err(_no_descriptor_or_gone_again) => sleep(ACCEPT_PAUSE).await,
                }
            }
        }
    }
    drop(listener);
    let grace = (*stop.borrow()).unwrap_or_default();
    let finishing = async { while connections.join_next().await.is_some() {} };
    // Whoever is not done by now is cut off when the runtime ends, unanswered.
    let _cut_off = timeout(grace, finishing).await;
}

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    tools: Arc<Tools>,
    mut stop: watch::Receiver<Option<Duration>>,
) {
    let first_byte = async {
        tokio::select! {
            readable = timeout(FIRST_BYTE_TIME_MAX, stream.readable()) => {
                matches!(readable, Ok(Ok(())))
            }
            () = is_stopping(&mut stop) => false,
        }
    };
    // Without it answers of a few bytes would wait for more.
    if !first_byte.await || stream.set_nodelay(true).is_err() {
        return;
    }
    let peer_address = peer.ip().to_canonical().to_string();
    let service = service_fn(|request| {
        let (tools, peer_address) = (Arc::clone(&tools), peer_address.clone());
        async move { Ok::<_, Infallible>(answer(request, peer_address, &tools).await) }
    });
    let mut connection = pin!(protocol().serve_connection(TokioIo::new(stream), service));
    // An error is the other end's doing (it left, or speaks no HTTP/2), and it knows.
    tokio::select! {
        _left = connection.as_mut() => {}
        () = is_stopping(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            let _left = connection.await;
        }
    }
}

/// Done when the server was told to stop, however long ago.
async fn is_stopping(stop: &mut watch::Receiver<Option<Duration>>) {
    // An error means that the server was dropped.
    let _dropped = stop.wait_for(Option::is_some).await;
}

fn protocol() -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAM_COUNT_MAX)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_frame_size(FRAME_BYTES_MAX)
        .max_header_list_size(HEADER_BYTES_MAX)
        .keep_alive_interval(KEEPALIVE_INTERVAL)
        .keep_alive_timeout(KEEPALIVE_TIMEOUT);
    builder
}
