// Opening and beginning conversations

const remember = () => paperchat.keep('sessionStorage', KEPT, conversation);

async function begin() {
  latest += 1;
  const mine = latest;
  stop();
  running = replacing = null;
  conversation = '';
  remember();
  choose({ within: [], label: '' });
  log.replaceChildren();
  paperchat.tell('close-paper');
  paperchat.tell('conversation', { id: null });
  settle();
  if (fine()) focusBox();
  const { html } = await paperchat.call(server.welcome).catch(() => ({ html: '' }));
  if (mine === latest) log.innerHTML = html;
}

async function openConversation(id) {
  latest += 1;
  const mine = latest;
  const saved = await paperchat.call(server.opened, { conversation: id });
  if (mine !== latest) return;
  showConversation(saved);
  paperchat.show('ask');
}
function showConversation(saved) {
  stop();
  running = replacing = null;
  conversation = saved.conversation;
  remember();
  log.replaceChildren(...saved.exchanges.map((shown) => {
    const article = parsed(shown.html);
    place(article, shown);
    return article;
  }));
  settle();
  exchanges().at(-1)?.scrollIntoView({ block: 'start' });
  paperchat.tell('close-paper');
  paperchat.tell('conversation', { id: conversation });
  saved.exchanges.forEach((shown, at) => tellAnswer(exchanges()[at], shown));
}

document.addEventListener('paperchat:open-conversation', ({ detail }) => {
  if (detail.id) openConversation(detail.id).catch(() => {});
  else { paperchat.show('ask'); begin(); }
});
document.addEventListener('paperchat:library', () => {
  if (!exchanges().length && !running) begin();
});
