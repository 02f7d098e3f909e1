import { ApiError, call, forgetToken, hasToken, readStream, signIn } from '/console/api.js';
import { createCouponList } from '/console/coupons.js';
import { createCouponView } from '/console/coupon.js';
import { announce, field, h, number, setText } from '/console/dom.js';
import { createHistory } from '/console/history.js';
import { language, setLanguage, t } from '/console/text.js';

const WITH_LAG = ['gate', 'authority', 'sink'];
const OUTCOMES_MAX = 30;
const STALE_MS = 4000;
const STALE_STATUS_MS = 10000;
const MAX_RETRY_MS = 5000;

function createStore() {
  let offset = 0;
  const store = {
    selected: /^#[A-Za-z0-9_-]{1,64}$/.test(location.hash) ? location.hash.slice(1) : null,
    coupons: null, coupon: null, outcomes: [], status: null, rush: null, settings: null,
    connected: false, everConnected: false, failed: false, fresh: true, current: true, lastData: 0,
    now: () => Date.now() + offset,
    synchronize(serverTime) {
      offset = Date.parse(serverTime) - Date.now();
    },
    history: null, select: null, isKnown: null,
  };
  store.history = createHistory(store.now);
  return store;
}

const app = document.getElementById('app');
let stopConsole = null;

function languageSwitch(onChange) {
  const select = h('select', { 'aria-label': t('language'), class: 'language', name: 'language' },
    h('option', { value: 'en', lang: 'en' }, 'English'), h('option', { value: 'ko', lang: 'ko' }, '한국어'));
  select.value = language();
  select.addEventListener('change', () => {
    setLanguage(select.value);
    document.documentElement.lang = select.value;
    onChange();
  });
  return select;
}

function brand() {
  return h('div', { class: 'brand' }, h('img', { src: '/console/icon.svg', alt: '', width: 28, height: 28 }),
    h('span', {}, h('strong', {}, 'FirstCome'), ' ', h('span', { class: 'soft' }, t('console'))));
}

function showSignIn(message = '') {
  const token = h('input', { type: 'password', required: true, autocomplete: 'one-time-code', spellcheck: 'false', name: 'token' });
  const problem = h('p', { class: 'problem', role: 'alert', hidden: message === '' }, message);
  const submit = h('button', { type: 'submit', class: 'primary' }, t('signIn'));
  const form = h('form', { class: 'card sign-in' }, brand(), field(t('token'), token, t('tokenHint')), h('p', { class: 'soft small' }, t('tokenOfUp')), problem,
    h('div', { class: 'sign-in-buttons' }, languageSwitch(() => showSignIn(message)), submit));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    submit.disabled = true;
    try {
      await signIn(token.value.trim());
      showConsole();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
      token.select();
    } finally {
      submit.disabled = false;
    }
  });
  app.replaceChildren(h('div', { class: 'sign-in-page' }, form));
  token.focus();
}

function createSystem(store) {
  const rows = h('ul', { class: 'components' });
  const summary = h('p', { class: 'soft small tabular' });
  const element = h('section', { class: 'card system', 'aria-labelledby': 'system-title' },
    h('div', { class: 'card-head' }, h('h2', { id: 'system-title' }, t('system'))), rows, summary);
  let drawn = '';
  let levels = '';
  function render() {
    const status = store.status;
    const stale = !store.connected || (status !== null && store.now() - Date.parse(status.time) > STALE_STATUS_MS);
    const text = JSON.stringify([status, stale]);
    if (text === drawn) {
      return;
    }
    drawn = text;
    const components = status?.components ?? ['ingress', 'gate', 'log', 'authority', 'sink'].map((name) => ({ name, status: 'UNKNOWN' }));
    rows.replaceChildren(...components.map((component) => {
      const level = stale ? 'UNKNOWN' : component.status;
      // Without an answer nothing is known, so the lag needs no "unknown" of its own.
      const lag = level !== 'UNKNOWN' && WITH_LAG.includes(component.name) ? `${t('lag')} ${number(component.lag)}` : '';
      const stopped = !stale && component.stoppedPartitions > 0 ? t('stopped', { n: number(component.stoppedPartitions) }) : '';
      return h('li', { 'data-component': component.name }, h('span', { class: `dot ${level}`, 'aria-hidden': 'true' }),
        h('span', { class: 'component-text' },
          h('span', { class: 'component-top' }, h('strong', {}, t(`component_${component.name}`)), h('span', { class: `level ${level}` }, t(`level_${level}`)),
            lag ? h('span', { class: 'soft small tabular' }, lag) : null),
          stopped ? h('span', { class: 'problem small' }, stopped) : null,
          !stale && component.detail ? h('span', { class: 'soft small detail' }, component.detail) : null));
    }));
    const counts = status?.coupons ? t('couponCounts', { total: number(status.coupons.total), open: number(status.coupons.open) }) : t('countsUnknown');
    setText(summary, status ? `${counts} · ${t('version')} ${status.version === 'unknown' ? t('unknown') : status.version}` : '');
    const now = components.map((component) => `${t(`component_${component.name}`)}: ${t(`level_${component.status}`)}`).join(', ');
    if (levels !== '' && levels !== now) {
      announce(now);
    }
    levels = now;
  }
  return { element, render };
}

function showConsole() {
  stopConsole?.();
  const store = createStore();
  let controller = null;
  let stopped = false;

  const connection = h('span', { class: 'connection', role: 'status' });
  // Without a role: its text changes every second. The state beside it is announced.
  const banner = h('p', { class: 'banner', hidden: true });
  const leave = h('button', { type: 'button', class: 'quiet', onclick: () => { stopConsole(); forgetToken(); showSignIn(); } }, t('signOut'));
  const header = h('header', {}, brand(), h('div', { class: 'header-end' }, connection, languageSwitch(showConsole), leave));
  store.select = (couponId) => {
    if (store.selected === couponId && store.coupon) {
      return;
    }
    store.selected = couponId;
    store.coupon = store.coupons?.coupons.find((coupon) => coupon.couponId === couponId) ?? null;
    store.outcomes = [];
    store.history = createHistory(store.now);
    history.replaceState(null, '', `#${couponId}`);
    view.selected();
    render();
    view.renderActivity();
    controller?.abort();
    document.getElementById('coupon').focus({ preventScroll: window.innerWidth > 900 });
  };
  /** The list may be cut off, so the server is asked too. */
  store.isKnown = (couponId) => call('GET', `/v1/console/coupons/${couponId}/holders`).then(() => true, (error) => {
    if (error instanceof ApiError && error.status === 404) {
      return false;
    }
    throw error;
  });
  const list = createCouponList(store);
  const view = createCouponView(store);
  const system = createSystem(store);
  app.replaceChildren(h('a', { class: 'skip', href: '#coupon', onclick: (event) => { event.preventDefault(); document.getElementById('coupon').focus(); } }, t('skip')),
    header, banner, h('div', { class: 'layout' }, h('div', { class: 'side' }, list.element, system.element), view.element));

  function render() {
    list.render();
    view.render();
    system.render();
    const age = Date.now() - store.lastData;
    const lost = !store.connected || age > STALE_MS;
    connection.className = `connection ${lost ? 'off' : 'on'}`;
    setText(connection, lost ? t('connecting') : t('connected'));
    let message = '';
    if (lost && store.refusal) {
      message = store.refusal;
    } else if (lost && store.everConnected) {
      message = t('lost', { seconds: number(Math.round(age / 1000)) });
    } else if (!store.everConnected && store.failed) {
      message = t('lostFirst');
    } else if (!lost && !store.current) {
      message = t('notCurrent');
    }
    banner.hidden = message === '';
    setText(banner, message);
    document.body.classList.toggle('stale', message !== '' && store.everConnected);
  }

  function onEvent(name, data) {
    if (stopped) {
      return;
    }
    store.lastData = Date.now();
    store.connected = true;
    store.everConnected = true;
    store.refusal = null;
    if (name === 'settings') {
      store.settings = data;
    } else if (name === 'coupons') {
      store.coupons = data;
      if (!store.selected && data.coupons.length > 0) {
        store.select(data.coupons[0].couponId);
        return;
      }
    } else if (name === 'status') {
      store.status = data;
    } else if (name === 'rush') {
      store.rush = data.rushId ? data : null;
    } else if (name === 'tick') {
      store.synchronize(data.time);
      store.current = data.current;
      store.history.add(data);
      if (data.coupon) {
        const first = store.coupon === null;
        store.coupon = data.coupon.state;
        // The first outcomes of a stream were decided at some time before.
        const seenAt = store.fresh ? null : Date.parse(data.time);
        store.fresh = false;
        const fresh = data.coupon.outcomes.map((outcome) => ({ ...outcome, seenAt })).reverse();
        const known = new Set(store.outcomes.map((outcome) => outcome.id));
        store.outcomes = [...fresh.filter((outcome) => !known.has(outcome.id)), ...store.outcomes].slice(0, OUTCOMES_MAX);
        if (first) {
          view.selected();
        }
      }
      view.renderActivity();
    }
    render();
  }

  async function follow() {
    let retry = 500;
    while (!stopped) {
      controller = new AbortController();
      const { signal } = controller;
      try {
        await readStream(store.selected, signal, () => {
          retry = 500;
          store.fresh = true;
        }, (name, data) => signal.aborted || onEvent(name, data));
        store.connected = false;
      } catch (error) {
        if (signal.aborted) {
          // Another coupon was selected: connect again at once.
          store.history.interrupt();
          continue;
        }
        if (error instanceof ApiError && error.status === 401) {
          stopConsole();
          forgetToken();
          showSignIn(error.message);
          return;
        }
        store.connected = false;
        store.failed = true;
        // Status 0 is a missing answer. Any other status comes with the reason of the server.
        store.refusal = error instanceof ApiError && error.status > 0 ? error.message : null;
      }
      store.history.interrupt();
      render();
      await new Promise((resolve) => setTimeout(resolve, retry * (0.75 + Math.random() / 2)));
      retry = Math.min(retry * 2, MAX_RETRY_MS);
    }
  }

  const timer = setInterval(() => {
    render();
    if (!store.connected) {
      view.renderActivity();
    }
  }, 250);
  stopConsole = () => {
    stopped = true;
    clearInterval(timer);
    controller?.abort();
    stopConsole = null;
  };
  render();
  follow();
}

// A page in the browser's back-forward cache would keep its connection, of which a browser has six for one server.
window.addEventListener('pagehide', () => stopConsole?.());
window.addEventListener('pageshow', (event) => event.persisted && hasToken() && showConsole());

document.documentElement.lang = language();
if (hasToken()) {
  showConsole();
} else {
  showSignIn();
}

