// The panel with one source: `element`, `props` and `watch` come from Gradio.

let opener = null;

document.addEventListener('click', (event) => {
  opener = event.target.closest('.cite') ?? opener;
});

function close() {
  if (!element.querySelector('.card')) return;
  props.value = '';
  if (opener?.isConnected) opener.focus({ preventScroll: true });
}

element.addEventListener('click', (event) => {
  if (event.target.closest('.card-close')) close();
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') close();
});

// The title stays in sight where the first quote is in sight below it.
function showFirstQuote(card) {
  const panel = element.closest('#paper-panel');
  panel.scrollTop = 0;
  const quote = card.querySelector('mark')?.getBoundingClientRect();
  const view = panel.getBoundingClientRect();
  if (quote && quote.bottom > view.bottom) {
    panel.scrollTop = quote.top - view.top - panel.clientHeight / 3;
  }
}

watch('value', () => {
  const card = element.querySelector('.card');
  if (!card) return;
  card.querySelector('.card-close').focus({ preventScroll: true });
  showFirstQuote(card);
});
