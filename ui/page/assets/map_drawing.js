// How the map is drawn: what plotly.js is given. It runs as one with map.js, before it.

const style = (name) => getComputedStyle(page).getPropertyValue(name).trim();
const hue = (trace) => style(`--topic-${trace.meta}`);
const narrow = () => plots.map.clientWidth < 600;

function webgl() {
  const canvas = document.createElement('canvas');
  return !!(canvas.getContext('webgl2') ?? canvas.getContext('webgl'));
}

function papers() {
  const type = shown.papers > MANY && webgl() ? 'scattergl' : 'scatter';
  const size = shown.papers > MANY ? 5 : shown.papers > 1000 ? 6 : narrow() ? 7 : 9;
  const ground = style('--ground');
  const picked = new Set(chosen);
  const traces = shown.map.traces.map((trace, topic) => {
    const receding = focus !== null && focus !== topic;
    const marker = {
      ...trace.marker, size, color: hue(trace), opacity: receding ? 0.12 : 0.9,
      line: { width: shown.papers > MANY ? 0 : 1, color: ground },
    };
    const selectedpoints = chosen.length
      ? trace.customdata.flatMap((id, at) => (picked.has(id) ? [at] : [])) : null;
    return {
      ...trace, type, marker, selectedpoints,
      unselected: { marker: { opacity: receding ? 0.12 : 0.25 } },
      ...(receding ? { hoverinfo: 'skip', hovertemplate: null } : {}),
    };
  });
  return [...traces, rings(type, size)];
}

// Around the papers of the current answer.
function rings(type, size) {
  const lit = new Set(cited);
  const at = { x: [], y: [] };
  for (const trace of shown.map.traces) {
    trace.customdata.forEach((id, place) => {
      if (lit.has(id)) { at.x.push(trace.x[place]); at.y.push(trace.y[place]); }
    });
  }
  return {
    type, mode: 'markers', ...at, hoverinfo: 'skip',
    marker: { symbol: 'circle-open', size: size + 8, color: style('--ink'), line: { width: 2 } },
    unselected: { marker: { opacity: 1 } },
  };
}

// Names where there is room for them: the larger topics' first, a little higher or lower if need be.
const LINE = 16;
const LETTER = 7.2;
function names() {
  const { width, height } = plots.map.getBoundingClientRect();
  const [left, right] = range.x;
  const [low, high] = range.y;
  const taken = [];
  return shown.map.names.flatMap((name, topic) => {
    if (focus !== null && focus !== topic) return [];
    const lines = name.text.split(', ').slice(0, narrow() ? 1 : 2);
    const half = (Math.max(...lines.map((line) => line.length)) * LETTER) / 2 + 6;
    const tall = (lines.length * LINE) / 2 + 4;
    const x = ((name.x - left) / (right - left)) * width;
    const y = ((high - name.y) / (high - low)) * height;
    if (x < 0 || x > width || y < 0 || y > height) return [];
    const middle = Math.min(Math.max(x, half), width - half);
    for (const shift of [0, -1, 1, -2, 2, -3, 3]) {
      const at = Math.min(Math.max(y + shift * LINE, tall), height - tall);
      const free = taken.every((other) =>
        Math.abs(other.middle - middle) > other.half + half || Math.abs(other.at - at) > other.tall + tall);
      if (!free) continue;
      taken.push({ middle, at, half, tall });
      return [label(lines.join(',<br>'), middle / width, 1 - at / height)];
    }
    return [];
  });
}
function label(text, x, y) {
  return {
    text, x, y, xref: 'paper', yref: 'paper', xanchor: 'center', yanchor: 'middle',
    showarrow: false, captureevents: false, borderpad: 2,
    bgcolor: `${style('--ground')}a6`,
    font: { size: 12, color: style('--ink'), weight: 600 },
  };
}

const WHOLE = { x: [-1.06, 1.06], y: [-1.08, 1.08] };
let range = WHOLE;
const CONFIG = { displayModeBar: false, displaylogo: false, showTips: false, doubleClick: false, scrollZoom: false };

function layout() {
  const axis = { visible: false, fixedrange: false };
  return {
    ...frame(),
    margin: { l: 0, r: 0, t: 0, b: 0 },
    dragmode: dragging === 'none' ? false : dragging,
    hovermode: 'closest',
    xaxis: { ...axis, range: [...range.x] },
    yaxis: { ...axis, range: [...range.y] },
    annotations: names(),
    newselection: { line: { color: style('--ink'), width: 1.5, dash: 'dot' } },
    activeselection: { fillcolor: `${style('--accent')}14`, opacity: 1 },
    selections: chosen.length ? plots.map.layout?.selections : [],
  };
}
function frame() {
  return {
    showlegend: false,
    paper_bgcolor: 'transparent',
    plot_bgcolor: 'transparent',
    font: { family: style('--sans'), size: 12, color: style('--ink') },
    hoverlabel: {
      bgcolor: style('--raised'), bordercolor: style('--edge'), align: 'left',
      font: { family: style('--sans'), size: 13, color: style('--ink') },
    },
  };
}

function bars() {
  return shown.timeline.traces.map((trace, topic) => ({
    ...trace,
    visible: focus === null || focus === topic,
    marker: {
      color: hue(trace), line: { width: 0 },
      pattern: { ...trace.marker.pattern, fillmode: 'overlay', fgcolor: style('--ground'), size: 6, solidity: 0.35 },
    },
  }));
}
function barLayout() {
  const quiet = { color: style('--quiet'), gridcolor: style('--line'), linecolor: style('--line') };
  return {
    ...frame(),
    barmode: 'stack',
    dragmode: false,
    hovermode: 'closest',
    margin: { l: 32, r: 8, t: 8, b: 28 },
    xaxis: { ...quiet, type: 'date', showgrid: false, fixedrange: true },
    yaxis: { ...quiet, fixedrange: true, rangemode: 'tozero', tickformat: 'd', zeroline: false, nticks: 5 },
  };
}

let drawn = false;
async function draw() {
  if (!shown.papers || page.dataset.view !== 'map') return;
  try {
    await plotly();
  } catch {
    paperchat.warn('The map cannot be drawn: plotly.js did not load. The list of topics works.');
    return;
  }
  await Plotly.react(plots.map, papers(), layout(), CONFIG);
  if (shown.timeline.traces.length) await Plotly.react(plots.time, bars(), barLayout(), CONFIG);
  if (!drawn) listen();
  drawn = true;
}

function listen() {
  plots.map.on('plotly_click', ({ points: [point] }) => {
    if (point?.customdata) paperchat.openPaper({ paper: point.customdata, opener: part('figure') });
  });
  plots.map.on('plotly_selected', (event) => {
    if (!event) return;
    const inside = event.points.filter(({ curveNumber, customdata }) =>
      customdata && (focus === null || focus === curveNumber));
    choose(inside.map(({ customdata }) => customdata));
  });
  plots.map.on('plotly_relayout', (changed) => {
    if (!('xaxis.range[0]' in changed)) return;
    range = { x: [...plots.map.layout.xaxis.range], y: [...plots.map.layout.yaxis.range] };
    draw();
  });
  plots.time.on?.('plotly_click', ({ points: [point] }) => setFocus(point.curveNumber));
}
