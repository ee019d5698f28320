const HIDDEN = '(not shown)';

/** The same settings to be shown: what headers carry is nobody's business. */
export function withoutSecrets(settings: unknown): unknown {
  if (Array.isArray(settings)) return settings.map(withoutSecrets);
  if (typeof settings !== 'object' || settings === null) return settings;
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key, key === 'headers' ? hidden(value) : withoutSecrets(value)]),
  );
}

function hidden(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return HIDDEN;
  return Object.fromEntries(Object.keys(headers).map((name) => [name, HIDDEN]));
}
