//! Resources and scopes: who made the items of a group. Read once per group.

use std::borrow::Cow;

use super::any_value::{AnyValue, read_pair, write_json};
use super::decoder::{Body, Decoder};
use super::wire::{Cursor, Value};
use crate::json::JsonWriter;
use crate::rows::{ResourceRows, Source};
use crate::text::clean;

/// What a resource says that has columns of its own.
#[derive(Debug)]
pub(super) struct Resource<'a> {
    group: &'a [u8],
    /// The last message in it that is a resource: there is one.
    message: &'a [u8],
    /// The id of the row that says no more than the resource does, once it is written; 0: none.
    plain_id: Option<u64>,
    service: Cow<'a, str>,
    environment: Cow<'a, str>,
    release: Cow<'a, str>,
    platform: Cow<'a, str>,
}

/// What a scope says.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    pub(super) name: Cow<'a, str>,
    version: Cow<'a, str>,
    has_attributes: bool,
    message: &'a [u8],
}

/// Attributes of a scope stand under these names, as OpenTelemetry writes them elsewhere.
const SCOPE_PREFIX: &[u8] = b"otel.scope.";
const SCOPE_VERSION: &str = "otel.scope.version";

/// What one body may make us write again of its resources, for their scopes: a thousand scopes of
/// a usual resource. Beyond it the version and the attributes of a scope are not kept.
pub(super) const REPEATED_BYTES_MAX: usize = 1024 * 1024;

const PROTOCOL: &str = "otlp";

impl Resource<'_> {
    pub(super) fn source<'s>(&'s self, scope: &'s Scope<'_>, origin: &'s str) -> Source<'s> {
        Source {
            service: &self.service,
            environment: &self.environment,
            release: &self.release,
            platform: &self.platform,
            protocol: PROTOCOL,
            origin,
            scope_name: &scope.name,
        }
    }
}

/// Finds the resource of a group (field 1, wherever it stands). What is broken is left out: the
/// pass over the items will come to it and count it.
pub(super) fn read_resource(group: &[u8]) -> Resource<'_> {
    let mut resource = Resource {
        group,
        message: &[],
        plain_id: None,
        service: Cow::default(),
        environment: Cow::default(),
        release: Cow::default(),
        platform: Cow::default(),
    };
    for_each_message(group, 1, |message| {
        resource.message = message;
        for_each_attribute(message, 1, |key, value| learn(&mut resource, key, value));
    });
    resource
}

impl Decoder {
    /// Adds the row of what a resource and a scope of it say, and returns its id; 0 when that is
    /// nothing. A scope's version and attributes stand with the resource: once, not in each item.
    pub(super) fn add_resource(
        &mut self,
        resource: &mut Resource<'_>,
        scope: &Scope<'_>,
        body: &Body<'_>,
    ) -> u64 {
        if scope.version.is_empty() && !scope.has_attributes {
            return self.add_plain(resource, body);
        }
        let byte_count = resource.message.len() + scope.message.len();
        let Some(left) = self.repeatable_bytes.checked_sub(byte_count) else {
            return self.add_plain(resource, body);
        };
        self.repeatable_bytes = left;
        let (rows, json) = (&mut self.resources, &mut self.json);
        add_scope(scope, rows, json);
        for_each_attribute(resource.message, 1, |key, value| {
            add(rows, key, value, json);
        });
        rows.finish_resource(body.project_id, body.received_ns)
    }

    fn add_plain(&mut self, resource: &mut Resource<'_>, body: &Body<'_>) -> u64 {
        if let Some(id) = resource.plain_id {
            return id;
        }
        let mut attribute_count = 0;
        let (rows, json) = (&mut self.resources, &mut self.json);
        for_each_message(resource.group, 1, |message| {
            for_each_attribute(message, 1, |key, value| {
                attribute_count += 1;
                add(rows, key, value, json);
            });
        });
        let id = if attribute_count > 0 {
            rows.finish_resource(body.project_id, body.received_ns)
        } else {
            0
        };
        resource.plain_id = Some(id);
        id
    }
}

fn add_scope(scope: &Scope<'_>, rows: &mut ResourceRows, json: &mut JsonWriter) {
    if !scope.version.is_empty() {
        rows.attribute_str(SCOPE_VERSION, &scope.version);
    }
    for_each_attribute(scope.message, 3, |key, value| {
        // These two would take the place of what the scope itself is called.
        if !matches!(key, b"name" | b"version") {
            add(rows, &[SCOPE_PREFIX, key].concat(), value, json);
        }
    });
}

/// Finds the scope of a group (field 1, wherever it stands).
pub(super) fn read_scope(group: &[u8]) -> Scope<'_> {
    let mut scope = Scope::default();
    for_each_message(group, 1, |message| {
        scope.message = message;
        let mut cursor = Cursor::new(message);
        while let Ok(Some((number, value))) = cursor.next() {
            match (number, value) {
                (1, Value::Bytes(name)) => scope.name = clean(name),
                (2, Value::Bytes(version)) => scope.version = clean(version),
                (3, Value::Bytes(_)) => scope.has_attributes = true,
                _ => {}
            }
        }
    });
    scope
}

fn for_each_message<'a>(message: &'a [u8], wanted: u32, mut each: impl FnMut(&'a [u8])) {
    let mut cursor = Cursor::new(message);
    while let Ok(Some((number, value))) = cursor.next() {
        if let Value::Bytes(bytes) = value
            && number == wanted
        {
            each(bytes);
        }
    }
}

fn for_each_attribute<'a>(
    message: &'a [u8],
    number: u32,
    mut each: impl FnMut(&'a [u8], AnyValue<'a>),
) {
    for_each_message(message, number, |pair| {
        if let Ok((key, value)) = read_pair(pair) {
            each(key, value);
        }
    });
}

fn learn<'a>(resource: &mut Resource<'a>, key: &[u8], value: AnyValue<'a>) {
    let AnyValue::Text(text) = value else { return };
    if text.is_empty() {
        return;
    }
    match key {
        b"service.name" => resource.service = clean(text),
        b"service.version" => resource.release = clean(text),
        b"deployment.environment.name" => resource.environment = clean(text),
        // The older name: it does not win over the newer one.
        b"deployment.environment" if resource.environment.is_empty() => {
            resource.environment = clean(text);
        }
        b"telemetry.sdk.language" => resource.platform = platform(clean(text)),
        _ => {}
    }
}

/// Returns a language in Sentry's words.
fn platform(language: Cow<'_, str>) -> Cow<'_, str> {
    match language.as_ref() {
        "nodejs" => Cow::Borrowed("node"),
        "js" | "webjs" => Cow::Borrowed("javascript"),
        "dotnet" => Cow::Borrowed("csharp"),
        _ => language,
    }
}

fn add(rows: &mut ResourceRows, key: &[u8], value: AnyValue<'_>, json: &mut JsonWriter) {
    match value {
        AnyValue::Text(text) => rows.attribute_bytes(key, text),
        AnyValue::Integer(integer) => rows.attribute_int(key, integer),
        AnyValue::Double(double) => rows.attribute_num(key, double),
        AnyValue::Boolean(flag) => rows.attribute_bool(key, flag),
        AnyValue::Empty => rows.attribute_bytes(key, b""),
        AnyValue::Bytes(_) | AnyValue::List(_) | AnyValue::Object(_) => {
            json.clear();
            // A structure that is broken inside is cut there.
            let _ = write_json(json, value, 0);
            rows.attribute_bytes(key, json.text().as_bytes());
        }
    }
}
