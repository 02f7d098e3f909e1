import { call } from '/console/api.js';
import { field, h, number, openDialog, setText, toast } from '/console/dom.js';
import { t } from '/console/text.js';

/** What the coupon's state, times and counts mean together at a moment. */
export function phase(coupon, now) {
  if (coupon.status !== 'ACTIVE') {
    return coupon.status;
  }
  if (now < Date.parse(coupon.opensAt)) {
    return 'SOON';
  }
  if (now >= Date.parse(coupon.closesAt)) {
    return 'ENDED';
  }
  return coupon.remaining === 0 ? 'SOLD_OUT' : 'OPEN';
}

export function badge(coupon, now) {
  const name = phase(coupon, now);
  return h('span', { class: `badge ${name.toLowerCase()}` }, t(`status_${name}`));
}

/** The list of coupons with a filter. */
export function createCouponList(store) {
  const filter = h('input', { type: 'search', 'aria-label': t('filter'), placeholder: t('filter'), oninput: () => render() });
  const list = h('ul', { class: 'coupon-list' });
  const more = h('p', { class: 'soft small' });
  const create = h('button', { type: 'button', class: 'primary', id: 'new-coupon', onclick: () => openCreate(store) }, `+ ${t('newCoupon')}`);
  const element = h('section', { class: 'card coupons', 'aria-labelledby': 'coupons-title' },
    h('div', { class: 'card-head' }, h('h2', { id: 'coupons-title' }, t('coupons')), create), filter, list, more);
  const rows = new Map();

  function row(coupon) {
    const name = h('span', { class: 'name' });
    const state = h('span', {});
    const left = h('span', { class: 'soft small tabular' });
    const fill = h('span', { class: 'mini-fill' });
    const button = h('button', { type: 'button', class: 'coupon-row', onclick: () => store.select(coupon.couponId) },
      h('span', { class: 'row-top' }, name, state), h('span', { class: 'row-bottom' },
        h('span', { class: 'mini-bar', 'aria-hidden': 'true' }, fill), left));
    const item = h('li', {}, button);
    return {
      item,
      update(next) {
        setText(name, next.name);
        button.title = `${next.name} (${next.couponId})`;
        const wanted = badge(next, store.now());
        if (state.firstChild?.className !== wanted.className || state.textContent !== wanted.textContent) {
          state.replaceChildren(wanted);
        }
        setText(left, `${number(next.remaining)} / ${number(next.stock)}`);
        fill.style.width = percentage(next.stock - next.remaining, next.stock);
        const selected = next.couponId === store.selected;
        button.setAttribute('aria-current', selected ? 'true' : 'false');
      },
    };
  }

  function render() {
    const all = store.coupons;
    if (all === null) {
      list.replaceChildren(h('li', { class: 'soft' }, t('loading')));
      return;
    }
    const wanted = filter.value.trim().toLowerCase();
    const shown = all.coupons.filter((coupon) => `${coupon.name} ${coupon.couponId}`.toLowerCase().includes(wanted));
    filter.hidden = all.coupons.length < 2;
    setText(more, all.more > 0 ? t('moreCoupons', { n: number(all.more) }) : '');
    if (shown.length === 0) {
      list.replaceChildren(h('li', { class: 'empty' },
        all.coupons.length === 0 ? h('strong', {}, t('noCoupons')) : t('noMatch'),
        all.coupons.length === 0 ? h('span', { class: 'soft' }, t('noCouponsHint')) : null));
      return;
    }
    const items = shown.map((coupon) => {
      if (!rows.has(coupon.couponId)) {
        rows.set(coupon.couponId, row(coupon));
      }
      const entry = rows.get(coupon.couponId);
      entry.update(coupon);
      return entry.item;
    });
    // Rows keep their elements, so that the focus stays where it is.
    if (list.children.length !== items.length || items.some((item, index) => list.children[index] !== item)) {
      list.replaceChildren(...items);
    }
  }
  return { element, render };
}

export function percentage(part, whole) {
  return `${Math.min(100, (100 * part) / Math.max(1, whole)).toFixed(2)}%`;
}

function localTime(date) {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60000);
  return local.toISOString().slice(0, 19);
}

/** An id for a name: its Latin letters and digits, or a new one where the name has none. */
export function suggestedId(name) {
  const words = name.normalize('NFKD').replace(/\p{Mark}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return words || `coupon-${Date.now().toString(36)}`;
}

function openCreate(store) {
  const name = h('input', { type: 'text', required: true, maxlength: 200, autocomplete: 'off', name: 'name' });
  const id = h('input', { type: 'text', required: true, pattern: '[A-Za-z0-9_\\-]{1,64}', maxlength: 64, autocomplete: 'off',
    spellcheck: 'false', name: 'id' });
  const stock = h('input', { type: 'number', required: true, min: 1, max: 1000000000, step: 1, value: '100', inputmode: 'numeric', name: 'stock' });
  const perUser = h('input', { type: 'number', required: true, min: 1, max: 100, step: 1, value: '1', inputmode: 'numeric', name: 'perUser' });
  const reclaim = h('input', { type: 'checkbox', checked: true, name: 'reclaim' });
  const opens = h('select', { name: 'opens' }, h('option', { value: 'now' }, t('opensNow')), h('option', { value: 'soon' }, t('opensSoon')),
    h('option', { value: 'at' }, t('opensAt')));
  const opensAt = h('input', { type: 'datetime-local', step: 1, value: localTime(new Date(store.now() + 600000)), 'aria-label': t('opens'), name: 'opensAt', hidden: true });
  const closesAt = h('input', { type: 'datetime-local', step: 1, required: true, value: localTime(new Date(store.now() + 86400000)), name: 'closesAt' });
  let chosen = false;
  id.addEventListener('input', () => {
    chosen = id.value !== '';
  });
  name.addEventListener('input', () => {
    if (!chosen) {
      id.value = suggestedId(name.value);
    }
  });
  opens.addEventListener('change', () => {
    opensAt.hidden = opens.value !== 'at';
  });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  openDialog({
    title: t('createTitle'),
    confirm: t('create'),
    body: [
      field(t('name'), name),
      field(t('id'), id, t('idHint')),
      h('div', { class: 'pair' }, field(t('stock'), stock, t('stockHint')), field(t('perUser'), perUser, t('perUserHint'))),
      h('div', { class: 'pair' }, h('div', {}, field(t('opens'), opens), opensAt), field(t('closes'), closesAt, t('zone', { zone }))),
      h('label', { class: 'check' }, reclaim, t('reclaim')),
    ],
    action: async () => {
      if (store.coupons?.coupons.some((coupon) => coupon.couponId === id.value)) {
        throw new Error(t('exists'));
      }
      const delays = { now: -1000, soon: 10000 };
      const opening = opens.value === 'at' ? new Date(opensAt.value) : new Date(store.now() + delays[opens.value]);
      const closing = new Date(closesAt.value);
      if (!(closing > opening)) {
        throw new Error(t('badTimes'));
      }
      const before = await store.isKnown(id.value);
      if (before) {
        throw new Error(t('exists'));
      }
      const coupon = await call('PUT', `/v1/coupons/${id.value}`, { name: name.value, stock: Number(stock.value),
        opensAt: opening.toISOString(), closesAt: closing.toISOString(), perUser: Number(perUser.value), reclaim: reclaim.checked });
      toast(t(coupon.version > 1 ? 'changedExisting' : 'created', { id: coupon.couponId }));
      store.select(coupon.couponId);
    },
  });
  name.focus();
}
