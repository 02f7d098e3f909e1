// Claims a coupon with fetch (Node.js 18 or newer): node claim.mjs URL COUPON USER [KEY]
// Prints the final answer. Exit code: 0 issued, 1 rejected, 2 the request is wrong, 3 no final answer in time.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const REPEAT = [408, 429, 500, 503];

/** Sends one request. The answer has the status 0 when none came. */
async function send(url, options = {}) {
  try {
    const answer = await fetch(url, {
      ...options,
      headers: { Prefer: 'wait=10', ...options.headers },
      signal: AbortSignal.timeout(20_000),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  } catch {
    return { status: 0, headers: new Headers(), text: '' };
  }
}

/** Returns the exit code and the final answer. */
async function claim(url, coupon, user, key, seconds) {
  const claims = `${url}/v1/coupons/${encodeURIComponent(coupon)}/issues`;
  const deadline = Date.now() + seconds * 1000;
  let location;
  while (Date.now() < deadline) {
    const { status, headers, text } = await (location
      ? send(location)
      // Every repetition sends the same key, so the claim is decided once.
      : send(claims, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
          body: JSON.stringify({ userId: user }),
        }));
    if (status === 201) return [0, text];
    if (status === 200) {
      const decision = JSON.parse(text).status;
      if (decision !== 'PENDING') return [decision === 'ISSUED' ? 0 : 1, text];
    } else if (status === 202) {
      location = new URL(headers.get('Location'), claims);
    } else if (status === 409 || status === 410) {
      return [1, text];
    } else if (status === 404 && location) {
      location = undefined; // The request is no longer known: claim again under the same key.
    } else if (status !== 0 && !REPEAT.includes(status)) {
      return [2, text];
    }
    const pause = headers.get('Retry-After') ?? '';
    await sleep(/^\d+$/.test(pause) ? pause * 1000 : 1000);
  }
  return [3, `no final answer yet; run again with the key ${key}`];
}

// The key is chosen once, before the first attempt.
const [url, coupon, user, key = randomUUID()] = process.argv.slice(2);
const [code, text] = await claim(url.replace(/\/$/, ''), coupon, user, key, Number(process.env.CLAIM_SECONDS ?? 60));
(code === 3 ? console.error : console.log)(text);
process.exitCode = code;
