// What is done in the library. It runs as one with library_list.js and library_uploads.js, after them.

const does = {
  choose: () => part('input[type="file"]').click(),
  read: () => list(),
  sort: (button) => sortBy(button.closest('[data-sort]').dataset.sort),
  async clear() {
    for (const name of ['text', ...filters]) fields[name].value = '';
    await list();
    fields.text.focus();
  },
  async further() {
    const fresh = await list({ offset: Number(further.dataset.offset) });
    fresh?.[0]?.querySelector('.title').focus();
  },
  'pick-all': (all) => {
    for (const row of rows.children) pick(row, all.checked);
    markPicked();
  },
  unpick() {
    picked.clear();
    markPicked();
    fields.text.focus();
  },
  ask() {
    const [first] = [...rows.children].filter((row) => picked.has(row.dataset.paper));
    const one = picked.size === 1 && first?.querySelector('.title').textContent;
    paperchat.choose([...picked], one || `${picked.size} papers of the library`);
  },
  async doom() {
    const asked = [...picked];
    const { papers, html } = await paperchat.call(server.doomed, { papers: asked });
    const there = new Set(papers); // without those that another tab removed
    for (const id of asked) if (!there.has(id)) picked.delete(id);
    markPicked();
    if (!papers.length) {
      paperchat.warn('These papers are no longer in the library.');
      paperchat.tell('library');
      return;
    }
    doom.innerHTML = html;
    doom.hidden = false;
    doom.querySelector('[data-does="keep"]').focus();
  },
  keep() {
    spare();
    part('[data-does="doom"]').focus();
  },
  async remove(button) {
    button.disabled = true;
    try {
      const { said } = await paperchat.call(server.removed, { papers: [...picked] });
      picked.clear();
      paperchat.say(said);
    } finally {
      paperchat.tell('library');
      spare();
    }
    fields.text.focus();
  },
  async dismiss(button) {
    const { upload } = button.closest('[data-upload]').dataset;
    await paperchat.call(server.dismissed, { upload });
    await showUploads();
    part('[data-does="choose"]').focus();
  },
};
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-does]');
  if (button) quietly(Promise.resolve(does[button.dataset.does](button)));
});
rows.addEventListener('change', (event) => {
  pick(event.target.closest('tr'), event.target.checked);
  markPicked();
});
element.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || doom.hidden || !doom.contains(event.target)) return;
  event.stopPropagation();
  does.keep();
});
document.addEventListener('paperchat:library', () => {
  if (listed) quietly(again());
});
function seen(name) {
  if (name !== 'library') return;
  if (!listed) quietly(list());
  quietly(follow());
}
document.addEventListener('paperchat:view', ({ detail }) => seen(detail.view));
seen(document.querySelector('#page').dataset.view); // it may be shown already
