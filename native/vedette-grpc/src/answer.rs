//! Answers as HTTP/2 carries them.

use std::convert::Infallible;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::Bytes;

use crate::message::ENCODINGS;
use crate::status::{Code, Status};

pub(crate) type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;

/// A message, and in the trailers that all is well.
pub(crate) fn success(message: &[u8]) -> Answer {
    let length = u32::try_from(message.len()).unwrap_or(0).to_be_bytes();
    let framed = Bytes::from([&[0], length.as_slice(), message].concat());
    let trailers = Status::new(Code::Ok, "").trailers();
    let body = Full::new(framed).with_trailers(std::future::ready(Some(Ok(trailers))));
    with_headers(Response::new(body.boxed_unsync()))
}

/// A status and no message.
pub(crate) fn failure(status: &Status) -> Answer {
    let mut answer = with_headers(Response::new(Empty::new().boxed_unsync()));
    answer.headers_mut().extend(status.trailers());
    answer
}

/// What is no gRPC call gets an answer of HTTP.
pub(crate) fn not_grpc() -> Answer {
    let mut answer = Response::new(Empty::new().boxed_unsync());
    *answer.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    answer
}

fn with_headers(mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.insert("grpc-accept-encoding", HeaderValue::from_static(ENCODINGS));
    answer
}
