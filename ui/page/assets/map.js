// The map of the library: `element` and `server` come from Gradio, the figures from plotly.js, which
// is loaded when the view is first shown. Markup is the server's, and so are the figures' texts.

const part = (name) => element.querySelector(`.map-${name}`);
const plots = { map: part('plot'), time: element.querySelector('.timeline-plot') };
const page = document.querySelector('#page');
const byTouch = window.matchMedia('(pointer: coarse)').matches;

const MANY = 3000; // papers above which they are drawn by WebGL, where there is any
const LOOK_MS = 1000; // between looks at whether the map is ready

let shown = { version: '', papers: 0 }; // what the server sent last
let focus = null; // number of the topic that the others recede behind
let cited = []; // ids of the papers that the current answer cites
let chosen = []; // ids of the papers that were chosen on the map
let dragging = byTouch ? 'none' : 'lasso'; // a finger scrolls the page over the map, and taps open
let timer = 0;

// Loading

let program = null;
function plotly() {
  program ??= new Promise((resolve, reject) => {
    const tag = document.createElement('script');
    tag.src = 'page-assets/plotly.min.js';
    tag.onload = () => resolve(window.Plotly);
    tag.onerror = () => { program = null; reject(new Error('no plotly.js')); };
    document.head.append(tag);
  });
  return program;
}

let looks = 0; // counts them, so that only what the latest brings is shown
async function look() {
  if (page.dataset.view !== 'map') return;
  clearTimeout(timer);
  const mine = (looks += 1);
  let answered;
  try {
    answered = await paperchat.call(server.drawn, { version: shown.version });
  } catch {
    return; // shown by then
  }
  if (mine !== looks) return;
  note(answered.note);
  if (answered.working) timer = setTimeout(look, LOOK_MS);
  if (answered.map) renew(answered);
  await draw();
}

// A screen reader says again what is written anew, although it is the same.
let noted = '';
function note(html) {
  if (html !== noted) part('note').innerHTML = html;
  noted = html;
}

function renew(answered) {
  shown = answered;
  focus = null;
  letGo();
  part('about').textContent = answered.about;
  part('topics').innerHTML = answered.topics;
  part('table').innerHTML = answered.table;
  part('figure').setAttribute('aria-label', answered.map.label);
  element.querySelector('.timeline-figure').setAttribute('aria-label', answered.timeline.label);
  element.querySelector('.timeline-figure').hidden = !answered.timeline.traces.length;
  part('whole').hidden = !answered.papers;
}

// What can be done

async function choose(ids) {
  chosen = ids;
  await draw();
  part('chosen').innerHTML = (await paperchat.call(server.chosen, { papers: ids.length })).html;
}
const hint = part('chosen').innerHTML;
function letGo() {
  chosen = [];
  part('chosen').innerHTML = hint;
}

function ring(ids) {
  cited = ids;
  part('cited').hidden = !ids.length;
  draw();
}

const topics = () => [...element.querySelectorAll('.map-topic')];
function setFocus(topic) {
  focus = focus === topic ? null : topic;
  letGo();
  for (const item of topics()) {
    const open = Number(item.dataset.topic) === focus;
    item.querySelector('.map-name').setAttribute('aria-expanded', String(open));
    item.querySelector('.map-part').hidden = !open;
    if (open && !item.querySelector('.map-papers').firstChild) list(item, 0).catch(() => {});
  }
  draw();
}

async function list(item, start) {
  const found = await paperchat.call(server.listed, {
    version: shown.version, topic: Number(item.dataset.topic), start,
  });
  const holder = document.createElement('template');
  holder.innerHTML = found.html;
  const fresh = [...holder.content.children];
  item.querySelector('.map-papers').append(...fresh);
  const further = item.querySelector('[data-does="further"]');
  further.hidden = !found.next;
  further.dataset.start = found.next;
  if (start) fresh[0]?.querySelector('button').focus();
}

function zoom(factor) {
  const near = ([low, high]) => {
    const [middle, half] = [(low + high) / 2, ((high - low) / 2) * factor];
    return [middle - half, middle + half];
  };
  range = { x: near(range.x), y: near(range.y) };
  draw();
}

const these = (item) => (item ? shown.map.traces[Number(item.dataset.topic)].customdata : chosen);
const does = {
  focus: (button, item) => setFocus(Number(item.dataset.topic)),
  further: (button, item) => list(item, Number(button.dataset.start)),
  summarise: (button, item) => {
    const within = these(item);
    paperchat.ask(within.length > 1 ? 'Summarise these papers' : 'Summarise this paper', within);
  },
  ask: (button, item) => {
    const name = item?.querySelector('bdi').textContent;
    const many = `${these(item).length} papers of the map`;
    paperchat.choose(these(item), name ? `Topic: ${name}` : many);
  },
  clear: () => { letGo(); draw(); },
  drag: (button) => {
    dragging = dragging === button.dataset.drag ? 'none' : button.dataset.drag;
    mark();
    draw();
  },
  closer: () => zoom(0.7),
  farther: () => zoom(1 / 0.7),
  whole: () => { range = WHOLE; draw(); },
};
function mark() {
  for (const button of element.querySelectorAll('[data-drag]')) {
    button.setAttribute('aria-pressed', String(button.dataset.drag === dragging));
  }
}
mark();

element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-does]');
  // What goes wrong was shown by then.
  if (button) Promise.resolve(does[button.dataset.does](button, button.closest('.map-topic'))).catch(() => {});
});

document.addEventListener('paperchat:view', ({ detail }) => {
  if (detail.view === 'map') look();
});
document.addEventListener('paperchat:library', look);
document.addEventListener('paperchat:answer', ({ detail }) => ring(detail.papers ?? []));
document.addEventListener('paperchat:conversation', ({ detail }) => { if (!detail.id) ring([]); });

// The figures follow the theme, and the room that they have.
new MutationObserver(() => draw()).observe(document.body, { attributeFilter: ['class'] });
let width = 0;
new ResizeObserver(() => {
  if (!drawn || plots.map.clientWidth === width) return;
  width = plots.map.clientWidth;
  for (const plot of Object.values(plots)) if (plot.data) Plotly.Plots.resize(plot);
  draw();
}).observe(plots.map);
look();
