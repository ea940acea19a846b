// Tables are sorted by a column, and a third press brings their own order back.

const NUMBERS = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
function sort(button) {
  const head = button.closest('th');
  const rows = [...head.closest('table').tBodies[0].rows];
  rows.forEach((row, at) => { row.dataset.order ??= at; });
  const before = head.getAttribute('aria-sort');
  const order = before === 'ascending' ? 'descending' : before === 'descending' ? '' : 'ascending';
  for (const other of head.parentElement.cells) other.removeAttribute('aria-sort');
  if (order) head.setAttribute('aria-sort', order);
  const text = (row) => row.cells[head.cellIndex]?.textContent.trim() ?? '';
  const sign = order === 'descending' ? -1 : 1;
  rows.sort(order
    // Empty cells last, whichever way.
    ? (a, b) => (!text(a) - !text(b)) || sign * NUMBERS.compare(text(a), text(b))
    : (a, b) => a.dataset.order - b.dataset.order);
  head.closest('table').tBodies[0].append(...rows);
}
