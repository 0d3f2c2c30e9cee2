//! What some attribute names tell a reader, decided once per name and batch.

/// What an attribute is to a reader that derives other things from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Meaning {
    /// Nothing in particular.
    #[default]
    Plain,
    /// The HTTP method.
    HttpMethod,
    /// The name of a database system.
    DbSystem,
    /// The text of a query.
    DbQuery,
    /// Another attribute of a database call.
    Db,
    /// The name of a system for remote calls.
    Rpc,
    /// The messaging system, or another attribute of messaging.
    Messaging,
    /// What is done with a message: send, receive, process, …
    MessagingOperation,
    /// What is asked of a model: chat, embeddings, …
    GenAiOperation,
    /// Another attribute of a call to a model.
    GenAi,
    /// Sentry's own word for what a span is.
    SentryOp,
    /// The name of the exception.
    ExceptionType,
}

impl Meaning {
    /// Returns the meaning of a name.
    #[must_use]
    pub fn of(key: &[u8]) -> Self {
        match key {
            b"http.request.method" | b"http.method" => Self::HttpMethod,
            b"db.system.name" | b"db.system" => Self::DbSystem,
            b"db.query.text" | b"db.statement" => Self::DbQuery,
            b"rpc.system" | b"rpc.system.name" => Self::Rpc,
            b"messaging.operation.type" | b"messaging.operation" => Self::MessagingOperation,
            b"gen_ai.operation.name" => Self::GenAiOperation,
            b"sentry.op" => Self::SentryOp,
            b"exception.type" | b"error.type" => Self::ExceptionType,
            _ if key.starts_with(b"db.") => Self::Db,
            _ if key.starts_with(b"messaging.") => Self::Messaging,
            _ if key.starts_with(b"gen_ai.") => Self::GenAi,
            _ => Self::Plain,
        }
    }
}
