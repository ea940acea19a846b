// Empties the question box of a question that is on its way; a chip sends none.
(typed, exchanges) => {
  const box = document.querySelector('#question textarea');
  if (box.dataset.sent) {
    delete box.dataset.sent;
    box.value = '';
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
  return [typed, exchanges];
}
