import { call } from '/console/api.js';
import { createChart } from '/console/chart.js';
import { badge, percentage, phase } from '/console/coupons.js';
import { clockTime, countdown, dateTime, field, h, number, openDialog, setText, toast } from '/console/dom.js';
import { createRush } from '/console/rush.js';
import { has, t } from '/console/text.js';

const SERIES = ['issued', 'rejected', 'answers'];
const SECONDS = 60;
const HOLDERS_REFRESH_MS = 2000;

function path(coupon, rest = '') {
  return `/v1/coupons/${coupon.couponId}${rest}`;
}

function reason(name) {
  const key = `reason_${String(name).toUpperCase().replaceAll('-', '_')}`;
  return has(key) ? t(key) : name;
}

/** The selected coupon: its stock, actions, chart, outcomes, holders and rush. */
export function createCouponView(store) {
  const empty = h('div', { class: 'card empty large' }, h('strong', {}, t('noneSelected')), h('span', { class: 'soft' }, t('noneSelectedHint')));
  const name = h('h1', { tabindex: '-1', id: 'coupon-name' });
  const id = h('code', {});
  const state = h('span', {});
  const times = h('dl', { class: 'times' });
  const counter = h('p', { class: 'countdown', hidden: true });
  const held = h('div', { class: 'bar-held' });
  const bar = h('div', { class: 'bar', role: 'meter', 'aria-valuemin': 0, 'aria-label': t('held') }, held);
  const share = h('p', { class: 'soft small tabular' });
  const figures = Object.fromEntries(['remaining', 'held', 'issued', 'revoked', 'stock']
    .map((key) => [key, h('dd', { class: 'tabular', 'data-figure': key })]));
  const numbers = h('dl', { class: 'figures' }, Object.entries(figures).map(([key, value]) => h('div', { class: key }, h('dt', {}, t(key)), value)));

  const action = (key, handler, style = '') => h('button', { type: 'button', class: style, 'data-action': key, onclick: () => handler(store.coupon) }, t(key));
  const buttons = {
    pause: action('pause', askPause), resume: action('resume', resume), restock: action('restock', askRestock),
    revoke: action('revoke', (coupon) => askRevoke(coupon)), closeCoupon: action('closeCoupon', askClose, 'danger-quiet'),
    archive: action('archive', askArchive, 'danger-quiet'),
  };
  const stockCard = h('section', { class: 'card stock-card', 'aria-labelledby': 'coupon-name' },
    h('div', { class: 'title' }, h('div', { class: 'title-text' }, name, h('p', { class: 'soft small id' }, id)), state),
    counter, numbers, bar, share, times, h('div', { class: 'actions' }, Object.values(buttons)));

  const chart = createChart(SERIES, SECONDS);
  const legend = Object.fromEntries(SERIES.map((key) => [key, h('strong', { class: 'tabular' })]));
  const legendTexts = { issued: 'seriesIssued', rejected: 'seriesRejected', answers: 'seriesAnswers' };
  const gap = h('p', { class: 'soft small', hidden: true }, t('gapHint'));
  const chartCard = h('section', { class: 'card', 'aria-labelledby': 'chart-title' },
    h('div', { class: 'card-head' }, h('h2', { id: 'chart-title' }, t('perSecond')), h('span', { class: 'soft small' }, t('perSecondHint', { n: SECONDS }))),
    chart.element, h('ul', { class: 'legend' }, SERIES.map((key) => h('li', {}, h('span', { class: `swatch ${key}`, 'aria-hidden': 'true' }),
      legend[key], ' ', h('span', {}, t(legendTexts[key]))))), gap);

  const outcomes = h('tbody', {});
  const outcomesEmpty = h('div', { class: 'empty' }, h('strong', {}, t('noOutcomes')), h('span', { class: 'soft' }, t('noOutcomesHint')));
  const outcomesTable = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('outcomes') }, h('table', {},
    h('thead', {}, h('tr', {}, ['type', 'numberOrReason', 'user', 'time'].map((key) => h('th', { scope: 'col', class: key }, t(key))))), outcomes));
  const outcomesCard = h('section', { class: 'card', 'aria-labelledby': 'outcomes-title' },
    h('div', { class: 'card-head' }, h('h2', { id: 'outcomes-title' }, t('outcomes'))), outcomesEmpty, outcomesTable);

  const holders = createHolders(store, (coupon, userId, sequence) => askRevoke(coupon, userId, sequence));
  const rush = createRush(store);
  const shown = h('div', { class: 'coupon-view' }, stockCard, chartCard,
    h('div', { class: 'columns' }, outcomesCard, holders.element), rush.element);
  const element = h('main', { id: 'coupon', tabindex: '-1' }, empty);
  const outcomeRows = new Map();

  function render() {
    const coupon = store.coupon;
    if (!coupon) {
      const unknown = store.selected && store.coupons && store.coupons.current
        && !store.coupons.coupons.some((one) => one.couponId === store.selected) && store.coupons.more === 0;
      setText(empty.querySelector('strong'), unknown ? t('unknownCoupon', { id: store.selected }) : t('noneSelected'));
      if (element.firstChild !== empty) {
        element.replaceChildren(empty);
      }
      return;
    }
    if (element.firstChild !== shown) {
      element.replaceChildren(shown);
    }
    const now = store.now();
    const current = phase(coupon, now);
    setText(name, coupon.name);
    setText(id, coupon.couponId);
    const wanted = badge(coupon, now);
    if (state.textContent !== wanted.textContent) {
      state.replaceChildren(wanted);
    }
    const heldCount = coupon.issued - coupon.revoked;
    const values = { remaining: coupon.remaining, held: heldCount, issued: coupon.issued, revoked: coupon.revoked, stock: coupon.stock };
    for (const [key, value] of Object.entries(values)) {
      setText(figures[key], number(value));
    }
    held.style.width = percentage(heldCount, coupon.stock);
    bar.setAttribute('aria-valuemax', coupon.stock);
    bar.setAttribute('aria-valuenow', heldCount);
    bar.setAttribute('aria-valuetext', t('barLabel', { held: number(heldCount), stock: number(coupon.stock), remaining: number(coupon.remaining) }));
    setText(share, t('barLabel', { held: number(heldCount), stock: number(coupon.stock), remaining: number(coupon.remaining) }));
    renderTimes(coupon, current, now);
    renderActions(coupon, current);
    holders.refresh();
    rush.render();
  }

  function renderActions(coupon, current) {
    const focused = document.activeElement;
    buttons.pause.hidden = coupon.status !== 'ACTIVE';
    buttons.resume.hidden = coupon.status !== 'PAUSED';
    const final = coupon.status === 'CLOSED' || coupon.status === 'ARCHIVED';
    buttons.restock.hidden = final;
    buttons.closeCoupon.hidden = final;
    buttons.revoke.hidden = coupon.status === 'ARCHIVED';
    buttons.archive.hidden = !(coupon.status === 'CLOSED' || current === 'ENDED');
    const all = Object.values(buttons);
    // A hidden button loses the focus, which the keyboard's user would have to find again: after "Pause" it is on "Resume".
    if (focused?.hidden && all.includes(focused)) {
      (all.find((button) => !button.hidden) ?? name).focus({ preventScroll: true });
    }
  }

  function renderTimes(coupon, current, now) {
    const soon = current === 'SOON';
    const running = current === 'OPEN' || current === 'SOLD_OUT' || current === 'PAUSED';
    counter.hidden = !soon;
    if (soon) {
      const left = countdown(Date.parse(coupon.opensAt) - now);
      if (counter.dataset.left !== left) {
        counter.dataset.left = left;
        counter.replaceChildren(h('span', { class: 'soft' }, t('opensIn')), h('strong', { class: 'tabular' }, left));
      }
    }
    const items = [[t('openedAt'), dateTime(coupon.opensAt)],
      [t('closesAt'), dateTime(coupon.closesAt)],
      [t('perUser'), number(coupon.perUser)],
      [t('reclaim'), coupon.reclaim ? t('reclaimYes') : t('reclaimNo')]];
    if (running && Date.parse(coupon.closesAt) - now < 86400000) {
      items.push([t('closesIn'), countdown(Date.parse(coupon.closesAt) - now)]);
    }
    const text = items.flat().join('|');
    if (times.dataset.text !== text) {
      times.dataset.text = text;
      times.replaceChildren(...items.map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', { class: 'tabular' }, value))));
    }
  }

  /** Draws the chart and the latest outcomes, after each message of the stream. */
  function renderActivity() {
    if (!store.coupon) {
      return;
    }
    const points = store.history.points(SECONDS);
    // Of an older second the rate of now does not follow.
    const last = [...points].reverse().find((point) => point.values && point.age <= 1)?.values ?? null;
    const shownValues = Object.fromEntries(SERIES.map((key) => [key, last ? number(last[key]) : t('unknown')]));
    for (const key of SERIES) {
      setText(legend[key], last ? `${shownValues[key]}/s` : t('unknown'));
    }
    chart.draw(points, t('chartLabel', shownValues), number, (age) => (age === 0 ? t('now') : `−${t('seconds', { n: age })}`));
    gap.hidden = !store.history.hasGap();
    const latest = store.outcomes;
    outcomesEmpty.hidden = latest.length > 0;
    outcomesTable.hidden = latest.length === 0;
    renderOutcomes(latest);
  }

  /** Adds the new rows above and removes the old ones, so that a row that has the focus stays where it is. */
  function renderOutcomes(latest) {
    const shownIds = new Set(latest.map((outcome) => outcome.id));
    for (const [outcomeId, row] of outcomeRows) {
      if (!shownIds.has(outcomeId)) {
        row.remove();
        outcomeRows.delete(outcomeId);
      }
    }
    for (const outcome of [...latest].reverse()) {
      if (!outcomeRows.has(outcome.id)) {
        const row = outcomeRow(outcome);
        outcomeRows.set(outcome.id, row);
        outcomes.prepend(row);
      }
    }
  }

  function outcomeRow(outcome) {
    const detail = outcome.type === 'rejected' ? reason(outcome.data.reason) : number(outcome.data.sequence);
    const at = outcome.data.issuedAt ?? outcome.data.revokedAt;
    return h('tr', {},
      h('td', {}, h('span', { class: `mark ${outcome.type}` }, t(`outcome_${outcome.type}`))),
      h('td', { class: outcome.type === 'rejected' ? 'soft reason' : 'tabular' }, detail),
      h('td', { class: 'who' }, h('button', { type: 'button', class: 'link', title: `${outcome.data.userId}, ${t('request')}: ${outcome.data.requestId}`,
        onclick: () => holders.searchUser(outcome.data.userId) }, outcome.data.userId)),
      h('td', { class: 'tabular soft time', title: at || outcome.seenAt ? null : t('unknown') },
        at || outcome.seenAt ? clockTime(new Date(at ?? outcome.seenAt)) : '–'));
  }

  function askPause(coupon) {
    openDialog({
      title: t('pauseTitle', { id: coupon.couponId }), body: [h('p', {}, t('pauseWarning'))], confirm: t('pause'),
      action: async () => {
        await call('POST', path(coupon, '/pause'));
        toast(t('paused', { id: coupon.couponId }));
      },
    });
  }

  async function resume(coupon) {
    try {
      await call('POST', path(coupon, '/resume'));
      toast(t('resumed', { id: coupon.couponId }));
    } catch (error) {
      toast(error.message, 'error');
    }
  }

  function askRestock(coupon) {
    const heldCount = coupon.issued - coupon.revoked;
    const stock = h('input', { type: 'number', required: true, min: Math.max(1, heldCount), max: 1000000000, step: 1, value: String(coupon.stock),
      inputmode: 'numeric', name: 'stock' });
    openDialog({
      title: t('restockTitle'), confirm: t('save'),
      body: [field(t('newStock'), stock, t('restockHint', { held: number(heldCount), stock: number(coupon.stock) }))],
      action: async () => {
        // The definition replaces the one before, so it is taken from the newest state.
        const latest = store.coupon?.couponId === coupon.couponId ? store.coupon : coupon;
        const changed = await call('PUT', path(coupon), { name: latest.name, stock: Number(stock.value), opensAt: latest.opensAt,
          closesAt: latest.closesAt, perUser: latest.perUser, reclaim: latest.reclaim });
        toast(t('restocked', { id: coupon.couponId, stock: number(changed.stock) }));
      },
    });
    stock.select();
  }

  function askRevoke(coupon, userId = '', number_ = '') {
    const user = h('input', { type: 'text', required: true, value: userId, maxlength: 128, autocomplete: 'off', spellcheck: 'false', name: 'userId' });
    const sequence = h('input', { type: 'number', min: 1, step: 1, value: String(number_), inputmode: 'numeric', name: 'sequence' });
    openDialog({
      title: t('revokeTitle'), confirm: t('revoke'), danger: true,
      body: [field(t('user'), user), field(t('sequence'), sequence, t('sequenceHint')), h('p', { class: 'warning' }, t('revokeWarning'))],
      action: async () => {
        const query = sequence.value ? `?sequence=${encodeURIComponent(sequence.value)}` : '';
        const revoked = await call('DELETE', path(coupon, `/issues/${encodeURIComponent(user.value)}${query}`));
        toast(t('revokedDone', { n: number(revoked.sequence), user: user.value }));
        holders.reload();
      },
    });
    if (!userId) {
      user.focus();
    }
  }

  function askClose(coupon) {
    openDialog({
      title: t('closeTitle', { id: coupon.couponId }), body: [h('p', { class: 'warning' }, t('closeWarning'))], confirm: t('closeConfirm'), danger: true,
      action: async () => {
        await call('POST', path(coupon, '/close'));
        toast(t('closedDone', { id: coupon.couponId }));
      },
    });
  }

  function askArchive(coupon) {
    openDialog({
      title: t('archiveTitle', { id: coupon.couponId }), body: [h('p', { class: 'warning' }, t('archiveWarning'))], confirm: t('archive'), danger: true,
      action: async () => {
        await call('POST', path(coupon, '/archive'));
        toast(t('archivedDone', { id: coupon.couponId }));
      },
    });
  }

  function selected() {
    outcomeRows.clear();
    outcomes.replaceChildren();
    holders.clear();
  }

  return { element, render, renderActivity, selected };
}

/** Who holds the coupon, by page, by user or by request. */
function createHolders(store, revoke) {
  const by = h('select', { 'aria-label': t('searchBy'), name: 'by' }, h('option', { value: 'userId' }, t('byUser')), h('option', { value: 'requestId' }, t('byRequest')));
  const text = h('input', { type: 'search', 'aria-label': t('searchPlaceholder'), placeholder: t('searchPlaceholder'), autocomplete: 'off', spellcheck: 'false', name: 'searched' });
  const submit = h('button', { type: 'submit' }, t('search'));
  const form = h('form', { class: 'search', role: 'search' }, by, text, submit);
  const result = h('div', { class: 'holders-result' });
  const asOf = h('span', { class: 'soft small tabular' });
  const element = h('section', { class: 'card', 'aria-labelledby': 'holders-title' },
    h('div', { class: 'card-head' }, h('h2', { id: 'holders-title' }, t('holders')), asOf), form, result);
  let last = {};
  let shownQuery = null;
  let asked = 0;
  let loadedAt = 0;
  let loadedCounts = '';

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    load(text.value.trim() ? { [by.value]: text.value.trim() } : {});
  });

  function counts(coupon) {
    return `${coupon.couponId} ${coupon.issued} ${coupon.revoked}`;
  }

  async function load(query) {
    const coupon = store.coupon;
    const ask = ++asked;
    last = query;
    loadedAt = Date.now();
    loadedCounts = counts(coupon);
    const parameters = new URLSearchParams(query).toString();
    try {
      const found = await call('GET', `/v1/console/coupons/${coupon.couponId}/holders${parameters ? `?${parameters}` : ''}`);
      if (ask === asked) {
        show(coupon, query, found);
      }
    } catch (error) {
      if (ask === asked) {
        result.replaceChildren(h('p', { class: 'problem' }, error.message));
        setText(asOf, '');
      }
    }
  }

  function show(coupon, query, found) {
    setText(asOf, t('asOf', { time: clockTime(new Date(store.now())) }));
    const parts = [];
    if (found.forgotten) {
      parts.push(h('p', { class: 'empty' }, t('holdersForgotten')));
    } else if (found.request) {
      const about = found.request;
      parts.push(h('p', { class: 'note' }, t(`request_${about.status}`, { id: about.requestId, reason: about.reason ? reason(about.reason) : t('unknown') })));
    } else if (found.holders.length === 0) {
      parts.push(h('p', { class: 'empty' }, query.userId ? t('notHeld', { id: query.userId }) : t('noHolders')));
    }
    if (found.holders.length > 0) {
      parts.push(h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('holders'), 'data-focus': 'list' }, h('table', {},
        h('thead', {}, h('tr', {}, ['number', 'user', 'time'].map((key) => h('th', { scope: 'col', class: key }, t(key))), h('th', { scope: 'col' }, ''))),
        h('tbody', {}, found.holders.map((holder) => row(coupon, holder))))));
    }
    const pager = [];
    if (query.after) {
      pager.push(h('button', { type: 'button', class: 'quiet', 'data-focus': 'first', onclick: () => load({}) }, t('first')));
    }
    if (found.next) {
      pager.push(h('button', { type: 'button', class: 'quiet', 'data-focus': 'next', onclick: () => load({ after: found.next }) }, t('next')));
    }
    parts.push(h('div', { class: 'pager' }, pager));
    replace(parts, query === shownQuery);
    shownQuery = query;
  }

  /** Shows another list. When the same one is read anew, it stays scrolled as it was, and the focus stays where it was. */
  function replace(parts, isSameList) {
    const scrolled = isSameList ? result.querySelector('.scroll')?.scrollTop ?? 0 : 0;
    const focused = result.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    result.replaceChildren(...parts);
    const list = result.querySelector('.scroll');
    if (list) {
      list.scrollTop = scrolled;
    }
    if (focused) {
      (result.querySelector(`[data-focus="${focused}"]`) ?? list ?? text).focus({ preventScroll: true });
    }
  }

  function row(coupon, holder) {
    return h('tr', { class: holder.revokedAt ? 'revoked-row' : null },
      h('td', { class: 'tabular' }, number(holder.sequence)),
      h('td', { class: 'who', title: `${holder.userId}, ${t('request')}: ${holder.requestId}` }, holder.userId),
      h('td', { class: 'tabular soft time', title: dateTime(holder.issuedAt) }, clockTime(new Date(holder.issuedAt))),
      h('td', { class: 'end' }, holder.revokedAt
        ? h('span', { class: 'mark revoked' }, t('outcome_revoked'))
        : h('button', { type: 'button', class: 'link', 'aria-label': `${t('revoke')} ${holder.userId}`, 'data-focus': holder.sequence,
          onclick: () => revoke(coupon, holder.userId, holder.sequence) }, t('revoke'))));
  }

  return {
    element,
    clear() {
      asked += 1;
      text.value = '';
      result.replaceChildren();
      setText(asOf, '');
      if (store.coupon && store.coupon.status !== 'ARCHIVED') {
        load({});
      }
    },
    reload() {
      load(last);
    },
    /** Reads the list again after the coupon has changed, so that the page does not show an old one. */
    refresh() {
      const coupon = store.coupon;
      if (coupon.status !== 'ARCHIVED' && counts(coupon) !== loadedCounts && Date.now() - loadedAt >= HOLDERS_REFRESH_MS) {
        load(last);
      }
    },
    searchUser(userId) {
      by.value = 'userId';
      text.value = userId;
      load({ userId });
      element.scrollIntoView({ block: 'nearest' });
    },
  };
}

