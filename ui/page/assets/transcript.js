// The conversation: `element`, `trigger` and `watch` come from Gradio.

const exchanges = () => element.querySelectorAll('.exchange');
let shown = exchanges().length;

element.addEventListener('click', (event) => {
  const marker = event.target.closest('.cite');
  if (marker) {
    trigger('source', { turn: Number(marker.dataset.turn), number: Number(marker.dataset.number) });
  }
  const chip = event.target.closest('button.chip');
  if (chip) trigger('retry', { filter: chip.dataset.filter });
});

// Gradio brings an answer up to date by making its markup that of the server, which knows of no
// fold that was opened.
const unfolded = new Set();
element.addEventListener('toggle', ({ target }) => {
  const turn = [...exchanges()].indexOf(target.closest('.exchange'));
  if (target.open) unfolded.add(turn);
  else unfolded.delete(turn);
}, true);
function unfoldAgain(all) {
  all.forEach((exchange, turn) => {
    const fold = exchange.querySelector('details');
    if (fold && unfolded.has(turn)) fold.open = true;
  });
  if (!all.length) unfolded.clear();
}

// A server that ends takes its answer with it, and nobody would say so.
const LOST = 'The connection to paperchat was lost; is it still running?';
const ALIVE_MS = 3000;
setInterval(async () => {
  const working = answering();
  if (!working) return;
  try {
    await fetch('gradio_api/app_id', { cache: 'no-store' });
  } catch {
    working.className = 'working lost';
    working.setAttribute('role', 'alert');
    working.textContent = LOST;
  }
}, ALIVE_MS);

// What is not to be sent stays here, a blank question or one during an answer: Gradio would empty
// the box of it. Captured, to be ahead of Gradio's own listeners.
const box = () => document.querySelector('#question textarea');
const answering = () => element.querySelector('.exchange[aria-busy=true] .working:not(.lost)');
const SOON_MS = 5000; // by then a question that was sent is there, or is not coming
let sentAt = -SOON_MS;
function holdBack(event) {
  if (box().value.trim() && !answering() && performance.now() > sentAt + SOON_MS) {
    sentAt = performance.now();
    box().dataset.sent = 'yes';
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}
document.addEventListener('click', (event) => {
  if (event.target.closest('#ask')) holdBack(event);
}, true);
document.addEventListener('keydown', (event) => {
  const sends = event.key === 'Enter' && !event.shiftKey && !event.isComposing;
  if (event.target === box() && sends) holdBack(event);
}, true);

// A new question goes to the top of the window and stays there, so that the answer grows below it
// and the text being read never moves.
function bringIntoView(exchange) {
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  exchange.scrollIntoView({ block: 'start', behavior: calm ? 'auto' : 'smooth' });
}

// These buttons go away when they are pressed, and the focus with them. Not on a phone, where the
// question box would bring up the keyboard.
document.addEventListener('click', (event) => {
  const goes = event.target.closest('#ask, #stop, #new, #examples, button.chip');
  if (goes && window.matchMedia('(pointer: fine)').matches) {
    box().focus({ preventScroll: true });
  }
});

watch('value', () => {
  const all = exchanges();
  if (all.length > shown) bringIntoView(all[all.length - 1]);
  shown = all.length;
  sentAt = -SOON_MS;
  unfoldAgain(all);
});
