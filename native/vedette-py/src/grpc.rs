//! The gRPC server for Python: who may come in is asked there, all else stays here.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyBytes};
use vedette_grpc::{Asked, Door, Fault, MessageLimits, Server, Spoiled, Verdict};

use crate::journal::Journal;

/// Messages of all calls together, unless a single one may be larger.
const IN_FLIGHT_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// google.rpc.Code: INTERNAL and UNAVAILABLE.
const INTERNAL: u32 = 13;
const UNAVAILABLE: u32 = 14;

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<GrpcListener>()?;
    module.add_class::<GrpcServer>()
}

/// A port that is held from early on, so that nobody else takes it before the server serves there.
#[pyclass(frozen, module = "vedette._native")]
pub(crate) struct GrpcListener {
    listener: Mutex<Option<TcpListener>>,
    address: SocketAddr,
}

#[pymethods]
impl GrpcListener {
    #[new]
    fn new(host: &str, port: u16) -> PyResult<Self> {
        let listener = TcpListener::bind((host, port))?;
        let address = listener.local_addr()?;
        Ok(Self {
            listener: Mutex::new(Some(listener)),
            address,
        })
    }

    #[getter]
    fn port(&self) -> u16 {
        self.address.port()
    }

    fn close(&self) {
        drop(self.take());
    }
}

impl GrpcListener {
    fn take(&self) -> Option<TcpListener> {
        self.listener
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

#[pyclass(frozen, module = "vedette._native")]
pub(crate) struct GrpcServer {
    server: Server,
}

#[pymethods]
impl GrpcServer {
    #[new]
    fn new(
        py: Python<'_>,
        listener: &GrpcListener,
        journal: &Journal,
        admit: Py<PyAny>,
        turned_away: Py<PyAny>,
        message_bytes_max: usize,
        unpacked_bytes_max: usize,
    ) -> PyResult<Self> {
        if !(admit.bind(py).is_callable() && turned_away.bind(py).is_callable()) {
            return Err(PyValueError::new_err(
                "admit and turned_away must be callable",
            ));
        }
        let Some(listener) = listener.take() else {
            return Err(PyValueError::new_err("the listener is closed or in use"));
        };
        let largest = message_bytes_max.max(unpacked_bytes_max) as u64;
        let limits = MessageLimits {
            packed_bytes_max: message_bytes_max,
            unpacked_bytes_max,
            in_flight_bytes_max: IN_FLIGHT_BYTES_MAX.max(2 * largest),
        };
        let door = Arc::new(PythonDoor { admit, turned_away });
        let server = Server::start(listener, door, Arc::clone(&journal.inner), limits)?;
        Ok(Self { server })
    }

    #[getter]
    fn port(&self) -> u16 {
        self.server.address().port()
    }

    fn stop(&self, py: Python<'_>, grace_s: f64) {
        // What is no time at all (negative, not a number) is no grace; too long is cut.
        let grace = Duration::try_from_secs_f64(grace_s.clamp(0.0, 1e6)).unwrap_or_default();
        py.detach(|| self.server.stop(grace));
    }
}

struct PythonDoor {
    admit: Py<PyAny>,
    turned_away: Py<PyAny>,
}

impl Door for PythonDoor {
    fn admit(&self, asked: Asked) -> Verdict {
        let verdict = Python::try_attach(|py| {
            self.ask(py, asked).unwrap_or_else(|error| {
                // Nobody can catch it here; it must not be lost, and the sender may try again.
                error.write_unraisable(py, Some(self.admit.bind(py)));
                refused(INTERNAL, "the server failed to look at the message")
            })
        });
        verdict.unwrap_or_else(|| refused(UNAVAILABLE, "the server is stopping"))
    }

    fn turned_away(&self, spoiled: Spoiled) {
        // None: the server is stopping, and with it the account.
        let _none_when_stopping = Python::try_attach(|py| {
            if let Err(error) = self.tell(py, spoiled) {
                error.write_unraisable(py, Some(self.turned_away.bind(py)));
            }
        });
    }

    fn now_ns(&self) -> u64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }
}

impl PythonDoor {
    fn tell(&self, py: Python<'_>, spoiled: Spoiled) -> PyResult<()> {
        let fault = match spoiled.fault {
            Fault::TooLarge => "too_large",
            Fault::Unreadable => "unreadable",
        };
        let metadata = spoiled.metadata.into_py_dict(py)?;
        let arguments = (spoiled.signal, metadata, spoiled.peer_address, fault);
        self.turned_away.bind(py).call1(arguments)?;
        Ok(())
    }

    fn ask(&self, py: Python<'_>, asked: Asked) -> PyResult<Verdict> {
        let metadata = asked.metadata.into_py_dict(py)?;
        let arguments = (
            asked.signal,
            metadata,
            asked.peer_address,
            asked.item_count,
            asked.byte_count,
        );
        let answer = self.admit.bind(py).call1(arguments)?;
        let (is_admitted, code, meta, message, retry_s) =
            answer.extract::<(bool, u32, Bound<'_, PyBytes>, String, f64)>()?;
        Ok(if is_admitted {
            Verdict::Admitted {
                meta: meta.as_bytes().to_vec(),
            }
        } else {
            Verdict::Refused {
                code,
                message,
                retry_s,
            }
        })
    }
}

fn refused(code: u32, message: &str) -> Verdict {
    Verdict::Refused {
        code,
        message: message.to_owned(),
        retry_s: 0.0,
    }
}
