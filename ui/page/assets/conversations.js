// The saved conversations: `element` and `server` come from Gradio. All markup is the server's.

const list = element.querySelector('.saved-list');
const words = element.querySelector('#saved-words');
const found = element.querySelector('.saved-found');
const further = element.querySelector('.saved-further');
const rated = element.querySelector('.saved-rated');

let current = null; // the conversation that the ask view shows
let asked = 0; // counts requests, so that a late answer to an earlier one is dropped
let stale = false; // the list changed while something in it was unfolded

const items = () => [...list.querySelectorAll('.saved-item')];
const item = (id) => items().find((each) => each.dataset.conversation === id);

async function refresh() {
  const mine = ++asked;
  const page = await paperchat.call(server.listed, { words: words.value });
  if (mine !== asked) return;
  stale = false;
  const focused = list.contains(document.activeElement)
    && document.activeElement.closest('.saved-item')?.dataset.conversation;
  list.innerHTML = page.html;
  if (focused) item(focused)?.querySelector('.saved-open').focus();
  if (words.value.trim()) found.textContent = `${page.next ? 'At least ' : ''}${page.count} found`;
  else found.textContent = '';
  settle(page);
}

async function showFurther() {
  const mine = ++asked;
  const page = await paperchat.call(server.listed, {
    words: words.value, before: Number(further.dataset.before),
  });
  if (mine !== asked) return;
  const holder = document.createElement('template');
  holder.innerHTML = page.html;
  const fresh = [...holder.content.querySelectorAll('.saved-item')];
  list.querySelector('.saved-items').append(...fresh);
  settle(page);
  fresh[0]?.querySelector('.saved-open').focus();
}

function settle(page) {
  further.dataset.before = page.next;
  further.hidden = !page.next;
  rated.hidden = !page.rated;
  rated.firstElementChild.textContent = page.rated === 1 ? '1 rated answer' : `${page.rated} rated answers`;
  list.querySelectorAll('time').forEach(localize);
  mark();
}

// Times come in UTC; of a reader's own day the hour says more than the date.
function localize(time) {
  const when = new Date(time.dateTime);
  const now = new Date();
  time.title = when.toLocaleString();
  if (when.toDateString() === now.toDateString()) {
    time.textContent = when.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  } else {
    const year = when.getFullYear() === now.getFullYear() ? undefined : 'numeric';
    time.textContent = when.toLocaleDateString([], { day: 'numeric', month: 'short', year });
  }
}

function mark() {
  for (const each of items()) {
    const button = each.querySelector('.saved-open');
    if (each.dataset.conversation === current) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
}

// Of one conversation at a time, one part is shown below its title: its actions, the form for a
// new title, or the question whether to delete it.
function unfold(which, name = '') {
  for (const each of items()) {
    const shown = each === which ? name : '';
    for (const part of each.querySelectorAll('.saved-part')) part.hidden = part.dataset.part !== shown;
    each.querySelector('.saved-more').setAttribute('aria-expanded', String(!!shown));
  }
  if (!name) return;
  const part = which.querySelector(`[data-part="${name}"]`);
  part.querySelector('input, button').focus();
  part.querySelector('input')?.select();
  part.scrollIntoView({ block: 'nearest' });
}
function fold(which) {
  unfold(null);
  which.querySelector('.saved-more').focus();
  if (stale) follow();
}
const unfolded = (which) => which.querySelector('.saved-more').getAttribute('aria-expanded') === 'true';

function download(file) {
  paperchat.download(file.name, file.text, file.type);
}

const does = {
  begin() {
    paperchat.close('rail');
    paperchat.tell('open-conversation', { id: null });
  },
  open(which) {
    paperchat.close('rail');
    paperchat.tell('open-conversation', { id: which.dataset.conversation });
  },
  more(which) {
    if (unfolded(which)) fold(which);
    else unfold(which, 'actions');
  },
  rename: (which) => unfold(which, 'rename'),
  doom: (which) => unfold(which, 'doom'),
  cancel: (which) => fold(which),
  async keep(which) {
    download(await paperchat.call(server.exported, { conversation: which.dataset.conversation }));
    fold(which);
  },
  async delete(which) {
    const { conversation } = which.dataset;
    const next = which.nextElementSibling ?? which.previousElementSibling;
    const then = next?.dataset.conversation;
    await paperchat.call(server.deleted, { conversation });
    paperchat.say('Deleted the conversation.');
    if (conversation === current) paperchat.tell('open-conversation', { id: null });
    await refresh();
    (item(then)?.querySelector('.saved-open') ?? words).focus();
  },
  further: showFurther,
  async ratings() {
    download(await paperchat.call(server.ratings));
  },
};

element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-does]');
  // What goes wrong was shown by then.
  if (button) Promise.resolve(does[button.dataset.does](button.closest('.saved-item'))).catch(() => {});
});
element.addEventListener('submit', async (event) => {
  event.preventDefault();
  const which = event.target.closest('.saved-item');
  const { conversation } = which.dataset;
  try {
    await paperchat.call(server.renamed, { conversation, title: event.target.elements.title.value });
    await refresh();
    item(conversation)?.querySelector('.saved-open').focus();
  } catch { /* shown by then */ }
});
element.addEventListener('keydown', (event) => {
  const which = event.target.closest('.saved-item');
  if (event.key === 'Escape' && which && unfolded(which)) {
    event.stopPropagation();
    fold(which);
  }
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') step(event);
});

// Up and down go through the list, from the search box too.
function step(event) {
  const stops = [words, ...element.querySelectorAll('.saved-open')];
  const at = stops.indexOf(event.target);
  const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

const PAUSE_MS = 150;
let timer = 0;
words.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(() => refresh().catch(() => {}), PAUSE_MS);
});

// A title that is being written stays; the list follows once that is done.
function follow() {
  stale = items().some(unfolded);
  if (!stale) refresh().catch(() => {});
}
document.addEventListener('paperchat:conversations', follow);
document.addEventListener('paperchat:conversation', ({ detail }) => {
  current = detail.id;
  mark();
});
// Another tab may have changed the list meanwhile.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') follow();
});
refresh().catch(() => {});
