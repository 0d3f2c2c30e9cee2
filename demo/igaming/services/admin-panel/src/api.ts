export interface Config {
  readonly gateway_url: string;
  readonly dsn: string;
  readonly environment: string;
  readonly release: string;
  readonly debug_token: string;
  readonly frontend_url: string;
}

let current: Config | undefined;

export async function readConfig(): Promise<Config> {
  const answer = await fetch('/config.json');
  current = (await answer.json()) as Config;
  return current;
}

export function config(): Config {
  if (current === undefined) throw new Error('the configuration was asked for before it was read');
  return current;
}

export async function ask<T>(path: string, method: 'GET' | 'POST' = 'GET'): Promise<T> {
  const answer = await fetch(config().gateway_url + path, {method, headers: {'X-Debug-Token': config().debug_token}});
  if (!answer.ok) {
    const {error} = (await answer.json().catch(() => ({}))) as {error?: string};
    throw new Error(error ?? `the gateway answered ${answer.status}`);
  }
  return (await answer.json()) as T;
}
