// Markers: a look at the quote, all of one paper lit together, and the paper itself.

function openSource(article, marker) {
  const { number, paper, spans } = marker.dataset;
  const { conversation: kept, position } = article.dataset;
  // While the answer grows it is not kept yet: the paper alone can be shown.
  const place = { conversation: kept, position: Number(position), number: Number(number), spans };
  paperchat.openPaper({ paper, opener: marker, ...(kept ? place : {}) });
  light(marker);
}
function light(marker) {
  for (const lit of log.querySelectorAll('.lit')) lit.classList.remove('lit');
  if (!marker) return;
  const same = `.cite[data-number="${CSS.escape(marker.dataset.number)}"]`;
  marker.closest('.exchange').querySelectorAll(same).forEach((each) => each.classList.add('lit'));
}
function showPreview(marker) {
  preview.textContent = marker.dataset.quote ?? '';
  preview.hidden = !preview.textContent;
  if (preview.hidden) return;
  const [at, width] = [marker.getBoundingClientRect(), preview.offsetWidth];
  preview.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`;
  const above = at.top - preview.offsetHeight - 6;
  preview.style.top = `${above > 8 ? above : at.bottom + 6}px`;
}
for (const [enter, leave] of [['mouseover', 'mouseout'], ['focusin', 'focusout']]) {
  log.addEventListener(enter, (event) => {
    const marker = event.target.closest('button.cite');
    if (!marker) return;
    light(marker);
    if (enter === 'focusin' ? marker.matches(':focus-visible') : fine()) showPreview(marker);
  });
  log.addEventListener(leave, (event) => {
    if (event.target.closest('button.cite')) preview.hidden = true;
  });
}
window.addEventListener('scroll', () => { preview.hidden = true; }, { passive: true });
document.addEventListener('paperchat:paper', ({ detail }) => { if (!detail.paper) light(null); });
