import { call } from '/console/api.js';
import { announce, field, h, millis, number, openDialog, setText, toast } from '/console/dom.js';
import { percentage } from '/console/coupons.js';
import { has, t } from '/console/text.js';

const SHOWN_WINNERS = 10;

function reasonText(problem) {
  const key = `reason_${problem.toUpperCase().replaceAll('-', '_')}`;
  return has(key) ? t(key) : problem;
}

/** A burst of made-up users, its progress and its result. */
export function createRush(store) {
  const users = h('input', { type: 'number', min: 1, max: 10000, step: 1, value: '1000', required: true, inputmode: 'numeric', name: 'rushUsers' });
  const start = h('button', { type: 'submit', class: 'primary', id: 'start-rush' }, t('startRush'));
  const stop = h('button', { type: 'button', hidden: true, onclick: stopRush }, t('stopRush'));
  const form = h('form', { class: 'rush-form' }, field(t('rushUsers'), users), start, stop);
  const notOffered = h('p', { class: 'note', hidden: true }, t('rushNotOffered'));
  const notForArchived = h('p', { class: 'note', hidden: true }, t('rushArchived'));
  const result = h('div', { class: 'rush-result' });
  const element = h('section', { class: 'card', 'aria-labelledby': 'rush-title' },
    h('div', { class: 'card-head' }, h('h2', { id: 'rush-title' }, t('rush'))), h('p', { class: 'soft small' }, t('rushHint')), notOffered, notForArchived, form, result);
  let drawn = null;
  let announced = null;
  let allOf = null;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const coupon = store.coupon;
    const count = Number(users.value);
    openDialog({
      title: t('rushTitle', { n: number(count), id: coupon.couponId }), confirm: t('startRush'), danger: true,
      body: [h('p', { class: 'warning' }, t('rushWarning'))],
      action: () => call('POST', '/v1/console/rush', { couponId: coupon.couponId, users: count }),
    });
  });

  async function stopRush() {
    try {
      await call('DELETE', '/v1/console/rush');
    } catch (error) {
      toast(error.message, 'error');
    }
  }

  function figure(label, value, extra) {
    return h('div', {}, h('dt', {}, label), h('dd', { class: 'tabular' }, value, extra ? h('small', { class: 'soft' }, extra) : null));
  }

  function counts(map, text) {
    return Object.entries(map).map(([name, count]) => `${text(name)} ${number(count)}`).join(', ');
  }

  /** The server's text, except where the guarantee held: then the page has a text in its language. */
  function detail(one) {
    const values = Object.fromEntries(Object.entries(one.counts).map(([key, value]) => [key, number(value)]));
    return one.result === 'PASS' ? t(`held_${one.name}`, values) : one.detail;
  }

  /** The first winners, and on demand all that the report holds. */
  function winnersOf(rush) {
    const { winners } = rush;
    const title = h('summary', {});
    const rows = h('tbody', {});
    const more = h('button', { type: 'button', class: 'quiet', 'data-action': 'allWinners', onclick: () => {
      allOf = rush.rushId;
      list();
      title.focus();
    } }, t(rush.issued > winners.length ? 'showMoreWinners' : 'showAllWinners', { n: number(winners.length) }));
    function list() {
      const shown = allOf === rush.rushId ? winners : winners.slice(0, SHOWN_WINNERS);
      setText(title, t(shown.length < rush.issued ? 'showWinners' : 'allWinners', { n: number(shown.length) }));
      more.hidden = shown.length === winners.length;
      rows.replaceChildren(...shown.map((winner) => h('tr', {}, h('td', { class: 'tabular' }, number(winner.sequence)), h('td', {}, winner.userId),
        h('td', { class: 'tabular' }, millis(winner.waitMs)))));
    }
    list();
    return h('details', { class: 'winners' }, title, h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('winners') }, h('table', {},
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('number')), h('th', { scope: 'col' }, t('user')), h('th', { scope: 'col' }, t('waited')))),
      rows)), more);
  }

  function waits(label, values) {
    return h('tr', {}, h('th', { scope: 'row' }, label),
      ['p50Ms', 'p99Ms', 'maxMs'].map((key) => h('td', { class: 'tabular' }, values ? millis(values[key]) : '–')));
  }

  function show(rush) {
    const done = rush.answered + rush.unanswered + rush.notSent;
    const fill = h('div', { class: 'bar-held' });
    fill.style.width = percentage(done, rush.claims);
    const parts = [];
    if (rush.couponId !== store.selected) {
      parts.push(h('p', { class: 'note' }, t('rushOther', { id: rush.couponId })));
    }
    if (rush.state !== 'DONE') {
      parts.push(h('p', { class: 'rush-state' }, t(`rush_${rush.state}`)),
        h('div', { class: 'bar thin', role: 'progressbar', 'aria-label': t('answered'), 'aria-valuemin': 0, 'aria-valuemax': rush.claims, 'aria-valuenow': done }, fill));
    } else {
      parts.push(h('p', { class: `result ${rush.result}`, 'data-result': rush.result }, t(`overall_${rush.result}`)));
    }
    const rejected = Object.values(rush.rejected).reduce((sum, count) => sum + count, 0);
    const retried = Object.values(rush.retries).reduce((sum, count) => sum + count, 0);
    parts.push(h('dl', { class: 'figures small-figures' },
      figure(t('answered'), `${number(rush.answered)} / ${number(rush.claims)}`),
      figure(t('winners'), number(rush.issued)),
      figure(t('rejectedCount'), number(rejected), counts(rush.rejected, reasonText)),
      rush.unanswered > 0 ? figure(t('unanswered'), number(rush.unanswered)) : null,
      rush.notSent > 0 ? figure(t('notSent'), number(rush.notSent), t('notSentHint')) : null,
      retried > 0 ? figure(t('retries'), number(retried), counts(rush.retries, (name) => name)) : null,
      figure(t('duration'), rush.durationMs === undefined ? '…' : millis(rush.durationMs))));
    parts.push(h('table', { class: 'waits' }, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('waited')),
      ['p50', 'p99', 'max'].map((key) => h('th', { scope: 'col' }, t(key))))),
    h('tbody', {}, waits(t('winners'), rush.waitsOfWinners), waits(t('allCallers'), rush.waitsOfAll))));
    if (rush.guarantees) {
      parts.push(h('ul', { class: 'guarantees', 'aria-label': t('result') }, rush.guarantees.map((one) => h('li', { class: one.result },
        h('span', { class: `mark ${one.result}` }, t(`result_${one.result}`)),
        h('span', {}, h('strong', {}, t(`guarantee_${one.name}`)), h('span', { class: 'soft small' }, detail(one)))))));
    }
    if (rush.winners.length > 0 && rush.state === 'DONE') {
      parts.push(winnersOf(rush));
    }
    result.replaceChildren(...parts);
    if (rush.state === 'DONE' && announced !== rush.rushId) {
      announced = rush.rushId;
      announce(t(`overall_${rush.result}`));
    }
  }

  function render() {
    const offered = store.settings?.rushOffered !== false;
    notOffered.hidden = offered;
    const archived = store.coupon?.status === 'ARCHIVED';
    notForArchived.hidden = !offered || !archived;
    const rush = store.rush;
    const running = rush !== null && rush.state !== 'DONE';
    start.disabled = running || !store.connected;
    // A rush on another coupon can still be stopped.
    form.hidden = !offered || (archived && !running);
    start.hidden = archived;
    stop.hidden = !running || rush.state !== 'CLAIMING';
    if (rush !== null) {
      const text = JSON.stringify(rush) + store.selected;
      if (text !== drawn) {
        drawn = text;
        show(rush);
      }
    }
    setText(start, running ? t(`rush_${rush.state}`) : t('startRush'));
  }
  return { element, render };
}
