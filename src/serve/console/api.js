/** Asking the daemon and telling it. A refusal is thrown as an error with the daemon's sentence. */

export async function ask(path) {
  return answer(await fetch(`/api/v1/${path}`, { headers: { accept: 'application/json' } }));
}

export async function tell(method, path, body = {}) {
  const headers = { 'content-type': 'application/json' };
  return answer(await fetch(`/api/v1/${path}`, { method, headers, body: JSON.stringify(body) }));
}

async function answer(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? `the daemon answered ${response.status}`);
  return body;
}
