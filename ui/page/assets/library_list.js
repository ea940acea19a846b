// The list of papers and what is selected in it: `element` and `server` come from Gradio. All markup
// is the server's. It runs as one with library_uploads.js and library.js, before them.

const view = element.querySelector('.library');
const part = (selector) => view.querySelector(selector);
const table = part('.library-table');
const rows = part('.library-table tbody');
const filters = ['organization', 'period', 'author', 'category', 'venue', 'mark'];
const fields = Object.fromEntries(
  ['text', ...filters, 'sort'].map((name) => [name, part(`[name="${name}"]`)]),
);
const further = part('.library-further');
const doom = part('.library-doom');

// The list. A late reply to an earlier request is dropped, so the newest question wins.
let asked = 0;
let listed = false;
async function list({ offset = 0, limit } = {}) {
  const mine = ++asked;
  view.setAttribute('aria-busy', 'true');
  const wanted = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value]));
  try {
    const found = await paperchat.call(server.listed, { ...wanted, offset, ...(limit ? { limit } : {}) });
    if (mine !== asked) return undefined;
    part('.library-lost').hidden = true;
    return place(found, offset);
  } catch (error) {
    if (mine === asked && !offset) lose();
    throw error;
  } finally {
    if (mine === asked) view.setAttribute('aria-busy', 'false');
  }
}

function place(found, offset) {
  const holder = document.createElement('template');
  holder.innerHTML = `<table><tbody>${found.html}</tbody></table>`;
  if (!offset) rows.replaceChildren();
  // Where papers were added meanwhile, some come a second time.
  const there = new Set([...rows.children].map((row) => row.dataset.paper));
  const fresh = [...holder.content.querySelectorAll('tr')].filter((row) => !there.has(row.dataset.paper));
  rows.append(...fresh);
  table.hidden = !rows.children.length;
  part('.library-instead').innerHTML = found.instead;
  part('.library-counts').textContent = found.counts;
  part('.library-found').textContent = found.found;
  part('.library-tools').hidden = !found.counts;
  further.dataset.offset = found.next;
  further.hidden = !found.next;
  if (!offset) {
    for (const name of filters) refill(fields[name], found.options[name]);
    if (!found.limited) showNames();
  }
  listed = true;
  markSorted();
  markPicked();
  return fresh;
}
function lose() {
  table.hidden = true;
  further.hidden = true;
  part('.library-instead').replaceChildren();
  part('.library-lost').hidden = false;
}
// An open select would close if its options were replaced by the same ones.
function refill(select, options) {
  if (select.dataset.options !== options) select.innerHTML = options;
  select.dataset.options = options;
}
// What no paper of the library has is not offered.
function showNames() {
  for (const select of part('.library-names').children) select.hidden = select.options.length < 2;
}

// After a change as many are listed as were before, and the keyboard stays where it was.
async function again() {
  const at = document.activeElement.closest('.library-table tr[data-paper]')?.dataset.paper;
  const fresh = await list({ limit: Math.max(rows.children.length, 50) });
  if (at) fresh?.find((row) => row.dataset.paper === at)?.querySelector('.title').focus();
}
const quietly = (promise) => promise.catch(() => {}); // what goes wrong is shown by then

const PAUSE_MS = 150;
let timer = 0;
fields.text.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(() => quietly(list()), PAUSE_MS);
});
for (const name of [...filters, 'sort']) {
  fields[name].addEventListener('change', () => quietly(list()));
}

// Sorting: a column's button turns its order round; the select says the same.
const FALLING_FIRST = ['published', 'authors'];
function sortBy(column) {
  const [sort, direction] = fields.sort.value.split(' ');
  let next = FALLING_FIRST.includes(column) ? 'descending' : 'ascending';
  if (sort === column) next = direction === 'ascending' ? 'descending' : 'ascending';
  fields.sort.value = `${column} ${next}`;
  return list();
}
function markSorted() {
  const [sort, direction] = fields.sort.value.split(' ');
  for (const column of view.querySelectorAll('[data-sort]')) {
    if (column.dataset.sort === sort) column.setAttribute('aria-sort', direction);
    else column.removeAttribute('aria-sort');
  }
}

// Selection: ids, kept while other papers are listed.
const picked = new Set();
const box = (row) => row.querySelector('input');
function markPicked() {
  for (const row of rows.children) {
    box(row).checked = picked.has(row.dataset.paper);
    row.classList.toggle('picked', box(row).checked);
  }
  const all = part('[data-does="pick-all"]');
  const shown = [...rows.children].filter((row) => box(row).checked).length;
  all.checked = shown > 0 && shown === rows.children.length;
  all.indeterminate = shown > 0 && !all.checked;
  part('.library-chosen').hidden = !picked.size;
  part('.library-chosen-count').textContent = `${picked.size} selected`;
  part('[data-does="ask"]').textContent = picked.size === 1 ? 'Ask about this' : 'Ask about these';
  part('[data-does="doom"]').textContent = `Remove ${picked.size} paper${picked.size === 1 ? '' : 's'}`;
  if (!picked.size) spare();
}
function pick(row, on) {
  if (on) picked.add(row.dataset.paper);
  else picked.delete(row.dataset.paper);
}
function spare() {
  doom.hidden = true;
  doom.replaceChildren();
}
