// The panel with one paper: a column beside the page, or a sheet over it where the window is narrow.

const body = element.querySelector('.panel-body');
const page = document.querySelector('#page');
let opener = null;
let opened = 0; // counts, so that a reply that comes late does not take the place of a newer one

function close() {
  if (!body.firstChild) return;
  opened += 1;
  body.replaceChildren();
  page.classList.remove('with-paper');
  document.dispatchEvent(new CustomEvent('paperchat:paper', { detail: { paper: null } }));
  if (opener?.isConnected) opener.focus({ preventScroll: true });
}

// The first of the pressed marker's own sentences; the title stays in sight where that is near it.
function showQuote() {
  const panel = element.closest('#paper-panel');
  panel.scrollTop = 0;
  const quote = body.querySelector('mark.own') ?? body.querySelector('mark');
  if (!quote) return;
  const [place, view] = [quote.getBoundingClientRect(), panel.getBoundingClientRect()];
  if (place.bottom > view.bottom - 24) {
    panel.scrollTop = place.top - view.top - Math.max(0, (panel.clientHeight - place.height) / 2);
  }
}

async function open(detail) {
  const { opener: from, ...asked } = detail;
  const mine = (opened += 1);
  const answered = await paperchat.call(server.opened, asked);
  if (mine !== opened) return;
  if (!from?.closest('#paper-panel')) opener = from ?? document.activeElement;
  body.innerHTML = answered.html;
  page.classList.add('with-paper');
  body.querySelector('.card-close').focus({ preventScroll: true });
  showQuote();
  paperchat.tell('paper', { paper: answered.paper });
}

const does = {
  only(card) {
    paperchat.choose([card.dataset.paper], card.querySelector('h2').textContent);
    if (window.matchMedia('(max-width: 67.99rem)').matches) close();
  },
  async similar(card, button) {
    const place = card.querySelector('.card-similar');
    const open = !place.firstChild;
    place.innerHTML = open
      ? (await paperchat.call(server.similar, { paper: card.dataset.paper })).html
      : '';
    button.setAttribute('aria-expanded', String(open));
    place.querySelector('button')?.focus();
  },
  reference: (card) => copy(card, 'reference', 'Copied the reference.'),
  bibtex: (card) => copy(card, 'bibtex', 'Copied the BibTeX entry.'),
};

async function copy(card, what, said) {
  const cited = await paperchat.call(server.cited_as, { paper: card.dataset.paper });
  if (await paperchat.copy(cited[what])) paperchat.say(said);
  else paperchat.warn('The browser does not let this page copy.');
}

element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button?.classList.contains('card-close')) close();
  does[button?.dataset.does]?.(button.closest('.card'), button);
});
document.addEventListener('paperchat:open-paper', (event) => open(event.detail));
document.addEventListener('paperchat:close-paper', close);
document.addEventListener('keydown', (event) => {
  // While an answer is being written, Escape stops that first.
  if (event.key === 'Escape' && !event.defaultPrevented) close();
});
