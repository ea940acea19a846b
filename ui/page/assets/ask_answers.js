// What is done with an answer

const does = {
  async copy(article) {
    const text = await exported(article, '.md');
    if (await paperchat.copy(text.text)) paperchat.say('Copied the answer as Markdown.');
    else paperchat.warn('The browser does not let this page copy; export it instead.');
  },
  again: (article) => again(article),
  edit(article) {
    replacing = article;
    box.value = article.querySelector('.question').textContent;
    fit();
    box.focus();
    const last = article === exchanges().at(-1);
    paperchat.say(last
      ? 'Change the question; its answer takes the place of this one. Escape leaves it as it was.'
      : 'Change the question; it begins a conversation of its own. Escape leaves all as it was.');
  },
};
const exported = (article, format) => paperchat.call(server.exported, {
  conversation: article.dataset.conversation, position: Number(article.dataset.position), format,
});
async function keep(article, format) {
  const file = await exported(article, format);
  paperchat.download(file.name, file.text, file.type);
  article.querySelector('.menu').open = false;
}

log.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  const article = button?.closest('.exchange');
  if (!article) return;
  const { does: name, keep: format, filter } = button.dataset;
  if (button.classList.contains('cite')) openSource(article, button);
  if (button.classList.contains('chip')) { again(article, filter); focusBox(); }
  if (button.dataset.sort !== undefined) sort(button);
  if (format) keep(article, format).catch(() => {});
  Promise.resolve(does[name]?.(article)).catch(() => {});
});
document.addEventListener('click', (event) => {
  for (const menu of log.querySelectorAll('.menu[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
