//! Which transactions are those of health checks.

const ANYWHERE: [&str; 2] = ["healthcheck", "heartbeat"];
const AT_END: [&str; 11] = [
    "/health",
    "/healthy",
    "/healthz",
    "/health_check",
    "/_health",
    "/live",
    "/livez",
    "/ready",
    "/readyz",
    "/ping",
    "/up",
];

/// Longer names are judged by their beginning and end.
const NAME_BYTES_MAX: usize = 1_024;

/// Tells whether a transaction of this name only says that its service is alive.
pub(crate) fn is_health_check(name: &str) -> bool {
    let beginning = name.get(..name.floor_char_boundary(NAME_BYTES_MAX));
    let name = beginning.unwrap_or_default().to_ascii_lowercase();
    let path = name.strip_suffix('/').unwrap_or(&name);
    AT_END.iter().any(|end| path.ends_with(end)) || ANYWHERE.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::is_health_check;

    #[test]
    fn names_of_health_checks_are_known_whatever_their_case() {
        for name in [
            "/healthz",
            "GET /Ready/",
            "api.HealthCheck",
            "/a/ping",
            "GET /up",
        ] {
            assert!(is_health_check(name), "{name}");
        }
        for name in [
            "/health/records",
            "/pingpong",
            "",
            "ping",
            "/signup",
            "/alive",
        ] {
            assert!(!is_health_check(name), "{name}");
        }
    }
}
