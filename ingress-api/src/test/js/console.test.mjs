// The functions of the console that need no page. ConsoleScriptsTest runs this file with Node.js.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import test from 'node:test';

const folder = new URL('../../main/resources/io/firstcome/ingress/console/', import.meta.url);

// The page imports its scripts by their addresses, and no package.json says that they are modules.
register(`data:text/javascript,${encodeURIComponent(`
  const folder = ${JSON.stringify(folder.href)};
  export function resolve(specifier, context, next) {
    return next(specifier.startsWith('/console/') ? folder + specifier.slice(9) : specifier, context);
  }
  export function load(url, context, next) {
    return next(url, url.startsWith(folder) ? { ...context, format: 'module' } : context);
  }`)}`);
globalThis.sessionStorage = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
Object.defineProperty(globalThis, 'navigator', { value: { language: 'en-US' }, configurable: true });

const { createHistory } = await import('/console/history.js');
const { roundUp } = await import('/console/chart.js');
const { percentage, phase, suggestedId } = await import('/console/coupons.js');
const { countdown, millis, number } = await import('/console/dom.js');
const { TEXTS, has, problemText, setLanguage, t } = await import('/console/text.js');

const START = Date.parse('2026-01-01T00:00:00Z');

function tick(ms, issued, { rejected = 0, answers = {}, complete = true } = {}) {
  return { time: new Date(START + ms).toISOString(), answers, coupon: { issued, rejected, complete } };
}

function values(history, count) {
  return history.points(count).map((point) => point.values);
}

test('the chart counts by second, and a second without data is a gap', () => {
  const history = createHistory(() => START + 4000);
  history.add(tick(0, 99));
  history.add(tick(500, 3));
  history.add(tick(1000, 4, { rejected: 2 }));
  history.interrupt();
  history.add(tick(2000, 50));
  history.add(tick(3000, 5));
  assert.deepEqual(values(history, 4),
    [{ issued: 7, rejected: 2, answers: 0 }, null, { issued: 5, rejected: 0, answers: 0 }, null]);
  assert.deepEqual(history.points(4).map((point) => point.age), [3, 2, 1, 0]);
});

test('a late message shares its counts among the seconds that it covers', () => {
  const history = createHistory(() => START + 4000);
  history.add(tick(0, 0, { answers: { SOLD_OUT: 10, ISSUED: 1 } }));
  history.add(tick(4000, 40, { answers: { SOLD_OUT: 18, PAUSED: 4, ISSUED: 9 } }));
  assert.deepEqual(values(history, 4), Array(4).fill({ issued: 10, rejected: 0, answers: 3 }));
});

test('counts that are too small are a gap, except in the first second', () => {
  const history = createHistory(() => START + 4000);
  history.add(tick(0, 0));
  history.add(tick(1000, 10, { complete: false }));
  assert.equal(history.hasGap(), false);
  history.add(tick(3000, 10, { complete: false }));
  assert.equal(history.hasGap(), true);
  assert.equal(values(history, 2)[0].issued, null);
});

test('the answers of an ingress that was restarted are not negative, and old seconds are forgotten', () => {
  const history = createHistory(() => START + 1000);
  history.add(tick(0, 0, { answers: { SOLD_OUT: 10 } }));
  history.add(tick(1000, 1, { answers: { SOLD_OUT: 2 } }));
  assert.equal(values(history, 1)[0].answers, 0);
  history.add(tick(200000, 1));
  history.interrupt();
  assert.equal(values(history, 1)[0], null);
});

test('the scale of the chart is a round number that is not below the values', () => {
  assert.deepEqual([0, 1, 3, 4, 5, 9, 10, 11, 250, 1000, 1001, 1000000].map(roundUp),
    [1, 1, 4, 4, 6, 10, 10, 20, 400, 1000, 2000, 1000000]);
});

test('a coupon is in one phase at any moment', () => {
  const coupon = { status: 'ACTIVE', opensAt: '2026-01-01T00:00:10Z', closesAt: '2026-01-01T00:01:00Z', remaining: 1 };
  assert.equal(phase(coupon, START), 'SOON');
  assert.equal(phase(coupon, START + 10000), 'OPEN');
  assert.equal(phase({ ...coupon, remaining: 0 }, START + 10000), 'SOLD_OUT');
  assert.equal(phase({ ...coupon, remaining: 0 }, START + 60000), 'ENDED');
  assert.equal(phase({ ...coupon, status: 'PAUSED' }, START), 'PAUSED');
});

test('the countdown ends at zero when the coupon opens', () => {
  assert.deepEqual([-1, 0, 1, 9001, 60000, 3600000, 93784000].map(countdown),
    ['00:00', '00:00', '00:01', '00:10', '01:00', '01:00:00', '1 d 02:03:04']);
});

test('numbers are those of the language, and an unknown one is no zero', () => {
  assert.equal(number(1000000), '1,000,000');
  assert.equal(number(null), 'unknown');
  assert.equal(number(undefined), 'unknown');
  assert.equal(millis(9999.4), '9,999 ms');
  assert.equal(millis(12340), '12.3 s');
  assert.equal(percentage(1, 1000000), '0.00%');
  assert.equal(percentage(5, 4), '100.00%');
});

test('an id is made of the Latin letters of a name, or is new', () => {
  assert.equal(suggestedId('  Été & Café 2026! '), 'ete-cafe-2026');
  assert.match(suggestedId('여름 쿠폰'), /^coupon-[a-z0-9]+$/);
  assert.ok(suggestedId('a'.repeat(200)).length <= 64);
});

test('both languages have the same texts with the same places for values', () => {
  const places = (text) => [...new Set(text.match(/\{\w+\}/g))].sort();
  assert.deepEqual(Object.keys(TEXTS.ko), Object.keys(TEXTS.en));
  for (const [key, text] of Object.entries(TEXTS.en)) {
    assert.notEqual(text, '', key);
    assert.deepEqual(places(TEXTS.ko[key]), places(text), key);
  }
});

test('each text is used, and each used text exists', () => {
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8').replace(/export const TEXTS = \{.*?\n\};/s, '')).join('\n');
  const used = [...scripts.matchAll(/\bt\('(\w+)'/g)].map((match) => match[1]);
  assert.ok(used.length > 100);
  assert.deepEqual(used.filter((key) => !has(key)), []);
  assert.deepEqual(Object.keys(TEXTS.en).filter((key) => !scripts.includes(`'${key}'`)
    && !(key.includes('_') && scripts.includes(`\`${key.split('_')[0]}_\${`))), []);
});

test('a problem has the text of the language, or the words of the server', () => {
  const problem = { type: 'urn:firstcome:problem:stock-below-issued', title: 'Too few.', detail: 'Five are held.' };
  assert.equal(problemText(409, problem), 'Too few. Five are held.');
  assert.equal(problemText(401, {}), 'The token is not valid.');
  assert.equal(problemText(502, {}), 'HTTP 502');
  setLanguage('ko');
  assert.match(problemText(409, problem), /재고/);
  assert.equal(problemText(409, { ...problem, type: 'urn:firstcome:problem:new' }), 'Too few. Five are held.');
  assert.equal(t('seconds', { n: 5 }), '5초');
  setLanguage('en');
  assert.equal(t('seconds', { n: 5 }), '5 s');
});
