import { language, t } from '/console/text.js';

/** Creates an element. Attributes named on… are listeners; null and false attributes are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'value') {
      element.value = value;
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets a text only when it differs, so that screen readers and selections are not disturbed. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function number(value) {
  return value === null || value === undefined ? t('unknown') : new Intl.NumberFormat(language()).format(value);
}

export function millis(value) {
  if (value === null || value === undefined) {
    return t('unknown');
  }
  return value < 10000 ? `${number(Math.round(value))} ms` : `${number(Math.round(value / 100) / 10)} s`;
}

export function dateTime(text) {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(text));
}

export function clockTime(date) {
  return new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
    .format(date);
}

/** A duration as 2 d 03:04:05 or 04:05. */
export function countdown(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value) => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor(seconds / 3600) % 24;
  const clock = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const withHours = days > 0 || hours > 0 ? `${two(hours)}:${clock}` : clock;
  return days > 0 ? `${number(days)} ${t('days')} ${withHours}` : withHours;
}

/** Tells a screen reader. */
export function announce(text) {
  document.getElementById('announcer').textContent = text;
}

/** Shows a message for a while. */
export function toast(text, kind = 'ok') {
  const item = h('div', { class: `toast ${kind}`, role: kind === 'error' ? 'alert' : 'status' },
    h('span', {}, text),
    h('button', { type: 'button', class: 'quiet icon', 'aria-label': t('dismiss'), onclick: () => item.remove() }, '×'));
  document.getElementById('toasts').append(item);
  setTimeout(() => item.remove(), kind === 'error' ? 12000 : 5000);
}

let fields = 0;

/** A labelled input with a hint. */
export function field(label, input, hint) {
  const id = `field-${++fields}`;
  input.id = id;
  const help = hint ? h('small', { id: `${id}-hint` }, hint) : null;
  if (help) {
    input.setAttribute('aria-describedby', help.id);
  }
  return h('div', { class: 'field' }, h('label', { for: id }, label), input, help);
}

/**
 * Opens a dialog. `action` runs when it is confirmed; the dialog closes when the action succeeds, and shows the message
 * of the failure otherwise.
 */
export function openDialog({ title, body, confirm, danger = false, action }) {
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const submit = h('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, confirm);
  const cancel = h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, t('cancel'));
  const heading = h('h2', { id: 'dialog-title' }, title);
  const form = h('form', {}, heading, h('div', { class: 'dialog-body' }, body), problem,
    h('div', { class: 'dialog-buttons' }, cancel, submit));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    submit.disabled = true;
    problem.hidden = true;
    try {
      await action();
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    } finally {
      submit.disabled = false;
    }
  });
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' }, form);
  dialog.addEventListener('close', () => {
    dialog.remove();
    // The browser gives the focus back to the button that opened the dialog, unless a newer list has replaced the button.
    if (document.activeElement === document.body) {
      document.getElementById('coupon')?.focus({ preventScroll: true });
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  if (danger) {
    cancel.focus();
  }
  return dialog;
}
