// The box

function fit() {
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight + 2, 220)}px`;
}
function recall() {
  const last = exchanges().at(-1)?.querySelector('.question').textContent;
  if (!last) return;
  box.value = last;
  fit();
}
box.addEventListener('input', fit);
box.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    submit();
  }
  if (event.key === 'ArrowUp' && !box.value) {
    event.preventDefault();
    recall();
  }
});
form.addEventListener('submit', (event) => { event.preventDefault(); submit(); });
askButton.addEventListener('click', () => { if (fine()) focusBox(); });
stopButton.addEventListener('click', () => { stop(); if (fine()) focusBox(); });
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  preview.hidden = true;
  // In another field it is that field's.
  if (event.target !== box && event.target.closest('input, textarea, select')) return;
  if (running) { event.preventDefault(); stop(); }
  else if (replacing && event.target === box) {
    event.preventDefault();
    replacing = null;
    box.value = '';
    fit();
  }
}, true);


// Papers that the next questions are about

function choose({ within, label }) {
  chosen = { within, label };
  chosenBox.hidden = !within.length;
  if (!within.length) return;
  const name = document.createElement('bdi');
  name.textContent = within.length === 1 ? `This paper only: ${label}` : label;
  const off = document.createElement('button');
  off.type = 'button';
  off.className = 'button quiet';
  off.textContent = 'All papers again';
  chosenBox.replaceChildren(name, off);
}
chosenBox.addEventListener('click', (event) => {
  if (event.target.closest('button')) { choose({ within: [], label: '' }); focusBox(); }
});
document.addEventListener('paperchat:choose', ({ detail }) => { choose(detail); focusBox(); });
