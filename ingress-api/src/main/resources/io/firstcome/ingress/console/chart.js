const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 190;
const LEFT = 44;
const BOTTOM = 22;
const TOP = 10;

function s(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  if (text !== undefined) {
    element.textContent = text;
  }
  return element;
}

/** The next of 1, 2, 4, 6, 8, 10, 20 … that is not below a value. */
export function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 4, 6, 8, 10].map((step) => step * power).find((step) => step >= value);
}

/**
 * A moving chart of the last seconds.
 *
 * @param series names of the lines; the first is drawn as an area
 */
export function createChart(series, seconds) {
  const svg = s('svg', { class: 'chart', role: 'img', height: HEIGHT });
  let width = 640;
  const x = (age) => width - 6 - (age * (width - LEFT - 6)) / (seconds - 1);
  const y = (value, top) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP);

  /** Splits the points at seconds without data: a gap is not a zero. */
  function runs(points, name) {
    const parts = [];
    let part = [];
    for (const point of points) {
      if (point.values && point.values[name] !== null && point.values[name] !== undefined) {
        part.push({ age: point.age, value: point.values[name] });
      } else if (part.length > 0) {
        parts.push(part);
        part = [];
      }
    }
    return part.length > 0 ? [...parts, part] : parts;
  }

  /** Draws; `points` are ordered by time, `age` in seconds, `values` null where nothing is known. */
  function draw(points, label, format, axis) {
    // One unit is one pixel, so that texts keep their size on a phone.
    width = Math.max(svg.clientWidth, 240);
    svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    const known = points.flatMap((point) => (point.values ? series.map((name) => point.values[name] ?? 0) : []));
    const top = roundUp(Math.max(4, ...known));
    const drawn = [];
    for (const share of [0, 0.5, 1]) {
      const level = y(top * share, top);
      drawn.push(s('line', { x1: LEFT, x2: width - 6, y1: level, y2: level, class: share === 0 ? 'base' : 'grid' }));
      drawn.push(s('text', { x: LEFT - 8, y: level + 4, class: 'tick', 'text-anchor': 'end' }, format(top * share)));
    }
    for (const age of [seconds - 1, Math.round((seconds - 1) / 2), 0]) {
      drawn.push(s('text', { x: x(age), y: HEIGHT - 6, class: 'tick',
        'text-anchor': age === 0 ? 'end' : age === seconds - 1 ? 'start' : 'middle' }, axis(age)));
    }
    series.forEach((name, index) => {
      for (const run of runs(points, name)) {
        const line = run.map((point) => `${x(point.age).toFixed(1)},${y(point.value, top).toFixed(1)}`);
        if (index === 0) {
          const base = HEIGHT - BOTTOM;
          drawn.push(s('path', { class: `area ${name}`,
            d: `M${x(run[0].age).toFixed(1)},${base} L${line.join(' L')} L${x(run.at(-1).age).toFixed(1)},${base} Z` }));
        }
        drawn.push(run.length === 1
          ? s('circle', { class: `dot ${name}`, cx: x(run[0].age), cy: y(run[0].value, top), r: 2.5 })
          : s('polyline', { class: `line ${name}`, points: line.join(' ') }));
      }
    });
    svg.setAttribute('aria-label', label);
    svg.replaceChildren(...drawn);
  }
  return { element: svg, draw };
}
