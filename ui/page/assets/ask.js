// Asking: the server sends one exchange at a time, as JSON; the transcript is this script's.

// Only the last answer can be asked again, its filters taken off, and followed up.
function settle() {
  const all = exchanges();
  all.forEach((article, at) => {
    const last = at === all.length - 1;
    article.classList.toggle('last', last);
    for (const chip of article.querySelectorAll('button.chip')) chip.disabled = !last || !!running;
  });
  askButton.hidden = !!running;
  stopButton.hidden = !running;
}

function place(article, shown) {
  article.dataset.conversation = shown.conversation;
  article.dataset.position = shown.position;
  article.dataset.number = shown.number;
}

const pending = () => element.querySelector('#asked').content.firstElementChild.cloneNode(true);

// Where a question goes that stands as number `at`: after the last answer before it that is kept.
function positionAt(at) {
  const kept = exchanges().slice(0, at).filter((article) => article.dataset.number > 0);
  return kept.length ? Number(kept.at(-1).dataset.position) + 1 : 0;
}

function send(question, { at = exchanges().length, number = 0, again = false, filter = '' } = {}) {
  if (running) return;
  latest += 1; // what was being opened comes too late
  const gone = exchanges().slice(at);
  const article = pending();
  article.querySelector('bdi').textContent = question;
  gone.forEach((old) => old.remove());
  log.querySelector('.welcome')?.remove();
  log.append(article);
  running = { name: crypto.getRandomValues(new Uint32Array(4)).join('-'), article, gone };
  replacing = null;
  settle();
  if (!again) paperchat.tell('close-paper'); // its numbers are those of another answer
  article.scrollIntoView({ block: 'start', behavior: calm() ? 'auto' : 'smooth' });
  trigger('ask', {
    name: running.name,
    question,
    conversation,
    position: number ? Number(gone[0].dataset.position) : positionAt(at),
    number,
    again,
    filter,
    within: again || filter ? [] : chosen.within,
    length: paperchat.recall('localStorage', 'paperchat.length'),
  });
}
const calm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

function again(article, filter = '') {
  const at = exchanges().indexOf(article);
  const number = Number(article.dataset.number ?? 0);
  // An answer that was lost on its way is not kept, and asked as any other question.
  const kept = number > 0 ? { number, again: true, filter } : {};
  send(article.querySelector('.question').textContent, { at, ...kept });
}

function submit() {
  const question = box.value;
  if (!question.trim() || running) return;
  if (question.length > Number(box.dataset.longest)) {
    paperchat.warn(`The question is too long: it may have ${box.dataset.longest} characters.`);
    return;
  }
  box.value = '';
  fit();
  const article = replacing;
  if (!article?.isConnected) {
    send(question);
    return;
  }
  const at = exchanges().indexOf(article);
  const last = at === exchanges().length - 1;
  send(question, { at, number: last ? Number(article.dataset.number ?? 0) : 0 });
}

watch('value', () => {
  const frame = JSON.parse(props.value);
  if (!running || frame.name !== running.name) return;
  const { article } = running;
  if (frame.waiting) article.querySelector('.working').textContent = frame.waiting;
  else if (frame.html === undefined) refused(frame);
  else morph(article, parsed(frame.html));
  if (frame.busy) return;
  running = null;
  if (frame.html !== undefined) ended(article, frame);
  settle();
});

function ended(article, frame) {
  if (frame.problem) paperchat.warn(frame.problem);
  const kept = frame.number > 0;
  const moved = kept && conversation && frame.conversation !== conversation;
  if (kept) {
    conversation = frame.conversation;
    place(article, frame);
  }
  remember();
  paperchat.tell('conversations');
  paperchat.tell('conversation', { id: conversation });
  // The answers before it are copies now, or gone with the conversation that they were of.
  if (moved && exchanges().length > 1) openConversation(conversation).catch(() => {});
  else tellAnswer(article, frame);
}

// What could not be asked: the answers that made room come back, and the question can be mended.
function refused(frame) {
  const { article, gone } = running;
  if (!box.value) box.value = article.querySelector('.question').textContent;
  article.remove();
  log.append(...gone);
  fit();
  paperchat.warn([frame.problem, frame.hint].filter(Boolean).join('. '));
}

const tellAnswer = (article, { position, papers }) => {
  article.dataset.papers = JSON.stringify(papers);
  paperchat.tell('answer', { conversation, position, papers });
};

const STOPS_MS = 3000;
function stop() {
  if (!running) return;
  const { article, name } = running;
  server.stop({ name }).catch(() => {});
  setTimeout(() => { if (running?.article === article) lose(article, 'Stopped.'); }, STOPS_MS);
}

// A server that ends takes its answer with it, and nobody would say so; nor would one that was
// started again since.
const { LOGGED_OUT, LOST } = paperchat;
const ALIVE_MS = 3000;
let knownId; // of the server that the page was loaded from
async function serverId() {
  const answered = await fetch('gradio_api/app_id', { cache: 'no-store' }).catch(() => undefined);
  if (answered?.status === 401) return LOGGED_OUT;
  return answered?.ok ? (await answered.json().catch(() => ({}))).app_id : undefined;
}
setInterval(async () => {
  const { article } = running ?? {};
  if (!article) return;
  const found = await serverId();
  if (running?.article === article && (found === undefined || found !== knownId)) {
    lose(article, found === LOGGED_OUT ? LOGGED_OUT : LOST);
  }
  if (found !== undefined) knownId = found;
}, ALIVE_MS);
function lose(article, why) {
  const said = document.createElement('p');
  said.className = 'failure';
  said.setAttribute('role', 'alert');
  said.textContent = why;
  article.querySelector('.working')?.remove();
  article.querySelector('.answer').append(said);
  article.setAttribute('aria-busy', 'false');
  running = null;
  settle();
}

document.addEventListener('paperchat:ask', ({ detail }) => {
  if (running) { paperchat.warn('An answer is being written; stop it or wait for it.'); return; }
  const kept = chosen;
  if (detail.within.length) chosen = { within: detail.within, label: '' };
  send(detail.question);
  chosen = kept;
  if (fine()) focusBox();
});

async function start() {
  const kept = paperchat.recall('sessionStorage', KEPT);
  const saved = kept && (await server.opened({ conversation: kept }).catch(() => undefined));
  if (saved?.exchanges) showConversation(saved);
  else await begin();
  knownId = await serverId();
  element.dataset.ready = 'yes';
  if (fine()) focusBox();
}
paperchat.place();
start();
