// The conversation: `element`, `trigger` and `watch` come from Gradio.

const exchanges = () => element.querySelectorAll('.exchange');
let shown = exchanges().length;

element.addEventListener('click', (event) => {
  const marker = event.target.closest('.cite');
  if (marker) {
    trigger('source', { turn: Number(marker.dataset.turn), number: Number(marker.dataset.number) });
  }
});

// A blank question stays here: Gradio would empty the box again when its answer comes back, even of
// what was typed meanwhile. Captured, to be ahead of Gradio's own listeners.
const box = () => document.querySelector('#question textarea');
function holdBack(event) {
  if (box().value.trim()) return;
  event.preventDefault();
  event.stopPropagation();
}
document.addEventListener('click', (event) => {
  if (event.target.closest('#ask')) holdBack(event);
}, true);
document.addEventListener('keydown', (event) => {
  if (event.target === box() && event.key === 'Enter' && !event.shiftKey) holdBack(event);
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
  const goes = event.target.closest('#ask, #stop, #new, #examples');
  if (goes && window.matchMedia('(pointer: fine)').matches) {
    box().focus({ preventScroll: true });
  }
});

watch('value', () => {
  const all = exchanges();
  if (all.length > shown) bringIntoView(all[all.length - 1]);
  shown = all.length;
});
