//! Resources and scopes: who made the items of a group. Read once per group.

use std::borrow::Cow;

use super::any_value::{AnyValue, read_pair, write_json};
use super::wire::{Broken, Cursor, Value};
use crate::json::JsonWriter;
use crate::rows::{ResourceRows, Source};
use crate::text::clean;

/// What a resource says that has columns of its own.
#[derive(Debug, Default)]
pub(super) struct Resource<'a> {
    /// 0: no resource was given.
    pub(super) id: u64,
    service: Cow<'a, str>,
    environment: Cow<'a, str>,
    release: Cow<'a, str>,
    platform: Cow<'a, str>,
}

/// What a scope says.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) version: Cow<'a, str>,
}

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

/// Finds the resource of a group (field 1, wherever it stands) and adds its row. What is broken
/// is left out: the pass over the items will come to it and count it.
pub(super) fn read_resource<'a>(
    group: &'a [u8],
    project_id: u32,
    received_ns: i64,
    rows: &mut ResourceRows,
    json: &mut JsonWriter,
) -> Resource<'a> {
    let mut resource = Resource::default();
    let mut attribute_count = 0;
    for_each_message(group, 1, |message| {
        for_each_message(message, 1, |pair| {
            if let Ok((key, value)) = read_pair(pair) {
                attribute_count += 1;
                learn(&mut resource, key, value);
                // A structure that is broken inside is cut there.
                let _ = add(rows, key, value, json);
            }
        });
    });
    if attribute_count > 0 {
        resource.id = rows.finish_resource(project_id, received_ns);
    }
    resource
}

/// Finds the scope of a group (field 1, wherever it stands).
pub(super) fn read_scope(group: &[u8]) -> Scope<'_> {
    let mut scope = Scope::default();
    for_each_message(group, 1, |message| {
        let mut cursor = Cursor::new(message);
        while let Ok(Some((number, value))) = cursor.next() {
            match (number, value) {
                (1, Value::Bytes(name)) => scope.name = clean(name),
                (2, Value::Bytes(version)) => scope.version = clean(version),
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

fn add<'a>(
    rows: &mut ResourceRows,
    key: &[u8],
    value: AnyValue<'a>,
    json: &mut JsonWriter,
) -> Result<(), Broken<'a>> {
    match value {
        AnyValue::Text(text) => rows.attribute_bytes(key, text),
        AnyValue::Integer(integer) => rows.attribute_int(key, integer),
        AnyValue::Double(double) => rows.attribute_num(key, double),
        AnyValue::Boolean(flag) => rows.attribute_bool(key, flag),
        AnyValue::Empty => rows.attribute_bytes(key, b""),
        AnyValue::Bytes(_) | AnyValue::List(_) | AnyValue::Object(_) => {
            json.clear();
            let written = write_json(json, value, 0);
            rows.attribute_bytes(key, json.text().as_bytes());
            return written;
        }
    }
    Ok(())
}
