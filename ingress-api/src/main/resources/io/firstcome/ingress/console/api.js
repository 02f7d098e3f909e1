import { problemText, t } from '/console/text.js';

const KEY = 'firstcome-admin-token';

/** The token lives as long as the tab: in memory, and in the storage that the browser clears with the tab. */
let token = sessionStorage.getItem(KEY);

export function hasToken() {
  return token !== null;
}

export function forgetToken() {
  token = null;
  sessionStorage.removeItem(KEY);
}

export class ApiError extends Error {
  constructor(status, problem) {
    super(problemText(status, problem));
    this.status = status;
    this.problem = problem;
  }
}

async function request(method, path, { body, signal, bearer = token } = {}) {
  const headers = { Authorization: `Bearer ${bearer}` };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  let response;
  try {
    response = await fetch(path, {
      method, headers, signal, cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer',
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError(0, { detail: t('noConnection') });
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new ApiError(response.status, problem);
  }
  return response;
}

export async function call(method, path, body) {
  const response = await request(method, path, { body });
  return response.json();
}

/** Keeps the token when the server accepts it. */
export async function signIn(candidate) {
  if (!/^[!-~]+$/.test(candidate)) {
    throw new ApiError(401, {});
  }
  await request('GET', '/v1/status', { bearer: candidate });
  token = candidate;
  sessionStorage.setItem(KEY, candidate);
}

/**
 * Reads the stream of events until it ends. EventSource cannot send a header, and the token must not be part of a URL,
 * so the stream is read with fetch.
 */
export async function readStream(couponId, signal, onOpen, onEvent) {
  const query = couponId ? `?couponId=${encodeURIComponent(couponId)}` : '';
  const response = await request('GET', `/v1/console/stream${query}`, { signal });
  onOpen();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    text += value;
    const events = text.split('\n\n');
    text = events.pop();
    for (const event of events) {
      const lines = event.split('\n');
      const name = lines.find((line) => line.startsWith('event: '));
      const data = lines.find((line) => line.startsWith('data: '));
      if (name && data) {
        onEvent(name.slice(7), JSON.parse(data.slice(6)));
      }
    }
  }
}
