// What the parts of the page share: views, notices, copying, and the events between parts.

window.paperchat = (() => {
  const page = () => document.querySelector('#page');
  const tell = (name, detail = {}) =>
    document.dispatchEvent(new CustomEvent(`paperchat:${name}`, { detail }));

  // Views. The address says which one is shown, so that Back and a reload find it again.
  const VIEWS = ['ask', 'library', 'map', 'settings'];
  const named = () => (VIEWS.includes(location.hash.slice(1)) ? location.hash.slice(1) : VIEWS[0]);
  function place() {
    const view = named();
    if (!page()) return;
    const before = page().dataset.view;
    page().dataset.view = view;
    for (const button of document.querySelectorAll('#page nav [data-show]')) {
      if (button.dataset.show === view) button.setAttribute('aria-current', 'page');
      else button.removeAttribute('aria-current');
    }
    if (before === view) return;
    close('rail');
    if (before) window.scrollTo(0, 0);
    tell('view', { view });
  }
  function show(view) {
    if (named() !== view) location.hash = view === VIEWS[0] ? '' : view;
    place();
  }
  window.addEventListener('hashchange', place);

  // Sheets that narrow windows show over the page, such as the saved conversations.
  function toggle(id) {
    const sheet = document.getElementById(id);
    const open = sheet.classList.toggle('open');
    for (const button of document.querySelectorAll(`[data-toggle="${id}"]`)) {
      button.setAttribute('aria-expanded', String(open));
    }
    if (open) sheet.querySelector('button, input')?.focus();
  }
  function close(id) {
    if (document.getElementById(id)?.classList.contains('open')) toggle(id);
  }

  // Notices: seen for a while at the lower edge, and read out.
  const SEEN_MS = 6000;
  let timer = 0;
  function notice(text, failed) {
    const box = document.getElementById('notice');
    box.className = failed ? 'failed' : '';
    box.setAttribute('role', failed ? 'alert' : 'status');
    box.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => { box.textContent = ''; }, failed ? 2 * SEEN_MS : SEEN_MS);
  }
  const say = (text) => notice(text, false);
  const warn = (text) => notice(text, true);

  // A call of the server; what went wrong there is shown.
  const LOST = 'The connection to paperchat was lost; is it still running?';
  const LOGGED_OUT = 'You are logged out. Load the page again to log in.';
  async function call(remote, asked = {}) {
    const answered = await remote(asked).catch(() => undefined);
    if (!answered) {
      const server = await fetch('gradio_api/app_id', { cache: 'no-store' }).catch(() => undefined);
      const why = server?.status === 401 ? LOGGED_OUT : LOST;
      warn(why);
      throw new Error(why);
    }
    if (answered.problem) {
      warn([answered.problem, answered.hint].filter(Boolean).join('. ').replace('..', '.'));
      throw new Error(answered.problem);
    }
    return answered;
  }

  function download(name, text, type = 'text/plain') {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // Browsers keep the clipboard from pages that are not on this machine or behind HTTPS.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const box = document.createElement('textarea');
      box.value = text;
      box.style.position = 'fixed';
      box.style.opacity = '0';
      document.body.append(box);
      box.select();
      const copied = document.execCommand('copy');
      box.remove();
      return copied;
    }
  }

  // What the browser keeps, where it lets pages keep anything: `kind` is localStorage, which stays,
  // or sessionStorage, which is this tab's.
  function recall(kind, name) {
    try { return window[kind].getItem(name) ?? ''; } catch { return ''; }
  }
  function keep(kind, name, value) {
    try { window[kind].setItem(name, value); } catch { /* then it is not kept */ }
  }

  const openPaper = (detail) => tell('open-paper', detail);
  const ask = (question, within = []) => { show('ask'); tell('ask', { question, within }); };
  // The next questions are about these papers alone, until the chip of that name is taken off.
  const choose = (within, label) => { show('ask'); tell('choose', { within, label }); };

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    const { show: view, toggle: sheet, openPaper: paper, ask: question, within } = button.dataset;
    if (view) show(view);
    if (sheet) toggle(sheet);
    if (paper) openPaper({ paper, opener: button });
    if (question) ask(question, JSON.parse(within ?? '[]'));
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close('rail');
  });

  return {
    show, place, toggle, close, say, warn, call, download, copy, recall, keep, openPaper, ask, choose,
    tell, LOST, LOGGED_OUT,
  };
})();
