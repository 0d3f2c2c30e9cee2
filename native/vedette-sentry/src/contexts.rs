//! Contexts of an event: what is equal for a whole process goes to the resource.

use crate::attributes::{Attributes, Value};
use crate::json::{Arena, Json};

/// What a device always is; all else of it changes from event to event.
const STEADY_DEVICE_FIELDS: [&str; 14] = [
    "arch",
    "brand",
    "chipset",
    "class",
    "cpu_description",
    "family",
    "manufacturer",
    "memory_size",
    "model",
    "model_id",
    "name",
    "processor_count",
    "simulator",
    "storage_size",
];

/// Set what the contexts of an event say, except those that have a place of their own.
pub(crate) fn set_contexts<'a>(
    contexts: Json<'a>,
    attributes: &mut Attributes<'a>,
    resource: &mut Attributes<'a>,
    arena: &'a Arena,
) {
    for context in contexts.members() {
        let value = context.value;
        match context.key {
            "trace" | "profile" | "replay" | "response" => {}
            "os" => resource.set_below("os.", value, arena),
            "runtime" => resource.set_below("process.runtime.", value, arena),
            "culture" => resource.set_below("culture.", value, arena),
            "gpu" => resource.set_below("gpu.", value, arena),
            "cloud_resource" => resource.set_below("", value, arena),
            "device" => set_device(value, attributes, resource, arena),
            "app" => set_app(value, attributes, arena),
            "browser" => attributes.set_below("browser.", value, arena),
            "client_os" => attributes.set_below("client_os.", value, arena),
            "otel" => {
                resource.set_below("", value.get("resource"), arena);
                attributes.set_below("", value.get("attributes"), arena);
            }
            "flags" => set_flags(value, attributes, arena),
            other => attributes.set_below(&["contexts.", other, "."].concat(), value, arena),
        }
    }
}

fn set_device<'a>(
    device: Json<'a>,
    attributes: &mut Attributes<'a>,
    resource: &mut Attributes<'a>,
    arena: &'a Arena,
) {
    for member in device.members().iter().rev() {
        if member.key == "type" {
            continue;
        }
        let name = arena.keep(&["device.", member.key].concat());
        let is_steady =
            STEADY_DEVICE_FIELDS.contains(&member.key) || member.key.starts_with("screen_");
        let place = if is_steady {
            &mut *resource
        } else {
            &mut *attributes
        };
        place.set(name, Value::of(member.value, arena));
    }
}

/// `app_name` and its like are `app.name`, as newer SDKs call them.
fn set_app<'a>(app: Json<'a>, attributes: &mut Attributes<'a>, arena: &'a Arena) {
    for member in app.members().iter().rev() {
        if member.key == "type" {
            continue;
        }
        let name = member.key.strip_prefix("app_").unwrap_or(member.key);
        attributes.set(
            arena.keep(&["app.", name].concat()),
            Value::of(member.value, arena),
        );
    }
}

fn set_flags<'a>(flags: Json<'a>, attributes: &mut Attributes<'a>, arena: &'a Arena) {
    for flag in flags.elements() {
        if let Some(name) = flag.get("flag").text() {
            let name = arena.keep(&["flags.evaluation.", name].concat());
            attributes.set(name, Value::of(flag.get("result"), arena));
        }
    }
}
