const REJECTIONS = ['UNKNOWN_COUPON', 'ALREADY_ISSUED', 'LIMIT_REACHED', 'REVOKED', 'PAUSED', 'NOT_STARTED', 'ENDED', 'SOLD_OUT', 'INVALID'];
const RETAINED_SECONDS = 120;

/**
 * Counts by second of the server's clock. A second without data has no entry.
 *
 * @param now the server's time in ms
 */
export function createHistory(now) {
  const seconds = new Map();
  let before = null;
  let startedAt = null;
  return {
    /** Adds what happened since the tick before. A late tick covers several seconds, which share its counts. */
    add(tick) {
      const end = Date.parse(tick.time);
      const answers = REJECTIONS.reduce((sum, name) => sum + (tick.answers[name] ?? 0), 0);
      if (before !== null && end > before.end) {
        const first = Math.floor(before.end / 1000);
        startedAt ??= first;
        for (let second = first; second * 1000 < end; second++) {
          const share = (Math.min(end, (second + 1) * 1000) - Math.max(before.end, second * 1000)) / (end - before.end);
          const values = seconds.get(second) ?? { issued: 0, rejected: 0, answers: 0, gap: false };
          values.answers += share * Math.max(0, answers - before.answers);
          values.issued += share * (tick.coupon?.issued ?? 0);
          values.rejected += share * (tick.coupon?.rejected ?? 0);
          values.gap = values.gap || !tick.coupon?.complete;
          seconds.set(second, values);
        }
      }
      before = { end, answers };
      for (const old of seconds.keys()) {
        if (old < end / 1000 - RETAINED_SECONDS) {
          seconds.delete(old);
        }
      }
    },
    /** After a lost connection the next counts cover an unknown time. */
    interrupt() {
      before = null;
    },
    points(count) {
      const last = Math.floor(now() / 1000) - 1;
      return Array.from({ length: count }, (_, index) => {
        const age = count - 1 - index;
        const values = seconds.get(last - age) ?? null;
        return { age, values: values && {
          issued: values.gap ? null : Math.round(values.issued), rejected: values.gap ? null : Math.round(values.rejected),
          answers: Math.round(values.answers),
        } };
      });
    },
    hasGap() {
      return [...seconds].some(([second, values]) => values.gap && second > startedAt + 1);
    },
  };
}
