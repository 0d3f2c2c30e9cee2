/** What the web server knows from its environment; read once, before anything else. */
export interface Config {
  readonly gateway_url: string;
  readonly dsn: string;
  readonly environment: string;
  readonly release: string;
  readonly debug_token: string;
  readonly vedette_url: string;
  readonly admin_url: string;
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
