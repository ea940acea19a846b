// Thumbs below the answers: `element` and `server` come from Gradio. All markup is the server's.

const said = element.querySelector('.feedback-said');
const answers = () => [...document.querySelectorAll('#page .exchange[data-number]')];
const slot = (article) => article.querySelector('.feedback-slot');
const placeOf = ({ dataset: { conversation, position, number } }) =>
  ({ conversation, position: Number(position), number: Number(number) });

function fill(article, html) {
  slot(article).innerHTML = html;
  slot(article).dataset.number = article.dataset.number;
}

// Of all answers of a conversation at once: each tells by itself that it is shown.
const waiting = new Set();
function ask(conversation) {
  if (!conversation || waiting.has(conversation)) return;
  waiting.add(conversation);
  setTimeout(async () => {
    waiting.delete(conversation);
    const { thumbs } = await paperchat.call(server.thumbs, { conversation }).catch(() => ({ thumbs: {} }));
    for (const article of answers()) {
      const html = thumbs[article.dataset.number];
      const old = slot(article)?.dataset.number === article.dataset.number;
      if (html && slot(article) && !old && !article.querySelector('.failure')) fill(article, html);
    }
  });
}
document.addEventListener('paperchat:answer', ({ detail }) => ask(detail.conversation));

async function rate(article, rating, note) {
  const { html } = await paperchat.call(server.rated, { ...placeOf(article), rating, note });
  fill(article, html);
  paperchat.tell('conversations'); // the number of ratings stands beside the list
}

document.addEventListener('click', async (event) => {
  const thumb = event.target.closest('#page .feedback-thumb');
  if (!thumb) return;
  const article = thumb.closest('.exchange');
  const note = slot(article).querySelector('textarea')?.value ?? '';
  const { rate: rating } = thumb.dataset;
  try {
    if (thumb.getAttribute('aria-pressed') === 'true') {
      fill(article, (await paperchat.call(server.unrated, placeOf(article))).html);
      paperchat.tell('conversations');
      said.textContent = 'Rating taken back.';
    } else {
      await rate(article, rating, note);
      slot(article).querySelector('details').open = true;
      said.textContent = 'Thank you. You can add a note.';
    }
    slot(article).querySelector(`[data-rate="${rating}"]`).focus();
  } catch { /* shown by then */ }
});
document.addEventListener('submit', async (event) => {
  const form = event.target.closest('#page .feedback-note form');
  if (!form) return;
  event.preventDefault();
  const article = form.closest('.exchange');
  try {
    await rate(article, form.dataset.rating, form.elements.note.value);
    slot(article).querySelector('summary').focus();
    said.textContent = 'Note saved.';
  } catch { /* shown by then */ }
});
