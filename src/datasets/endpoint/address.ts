/** Where replies come from. `apiKey` must never be printed. */
export interface Endpoint {
  /** Of `/chat/completions` or `/completions`. */
  url: string;
  apiKey?: string;
}

/**
 * What is wrong with an address or its key, as `<option>: expected …`, or null. A key is sent over https or
 * stays on this machine. Other secrets that an address may contain (user, password, query) are not shown.
 */
export function endpointProblem(
  endpoint: string,
  keyName: string,
  env: NodeJS.ProcessEnv,
  option = "endpoint",
): string | null {
  if (!/^[A-Z_][A-Z0-9_]*$/.test(keyName)) {
    return (
      "api_key_env: expected the name of an environment variable in capitals, got something else, which is " +
      "not shown since it may be a key"
    );
  }
  const url = URL.parse(endpoint);
  if (url === null)
    return `${option}: expected an address like https://api.openai.com/v1, got something else`;
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return (
      `${option}: expected no user, password, query or fragment in it, got some (not shown). Keys come ` +
      `from ${keyName} only`
    );
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    return `${option}: expected https, or http on this machine (localhost), got ${url.protocol}//${url.host}`;
  }
  const key = env[keyName];
  if (!key) {
    if (isLoopback(url.hostname)) return null;
    return `api_key_env: expected a key for ${url.host} in the environment variable ${keyName}, got none`;
  }
  // fetch would reject such a header with a message that shows the key.
  if (!/^[\x21-\x7e]+$/.test(key))
    return `api_key_env: expected a key without blanks and line ends in ${keyName}, got one with them`;
  return null;
}

/** The endpoint of an address in which `endpointProblem` found nothing wrong. */
export function endpointOf(
  endpoint: string,
  keyName: string,
  env: NodeJS.ProcessEnv,
  path: "chat/completions" | "completions" = "chat/completions",
): Endpoint {
  const apiKey = env[keyName];
  return { url: `${endpoint.replace(/\/+$/, "")}/${path}`, ...(apiKey ? { apiKey } : {}) };
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}
