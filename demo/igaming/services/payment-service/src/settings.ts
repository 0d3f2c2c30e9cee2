// Settings come from the environment; an empty variable counts as not set.

export function setting(name: string, fallback: string): string {
  return process.env[name] || fallback;
}

/** A neighbour's address: <NAME>_URL when set (containers), else loopback and its port. */
export function urlOf(name: string, port: string): string {
  return setting(`${name}_URL`, `http://127.0.0.1:${setting(`${name}_PORT`, port)}`);
}
