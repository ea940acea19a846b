// Light or dark, as was chosen in this browser, else as the system has it. Loaded in the head of the
// page, so that nothing is drawn in the other one first. Gradio knows the system alone, and sets its
// class anew whenever that changes; what was chosen is put back at once.

window.paperchatTheme = (() => {
  const KEEP = 'paperchat.theme';
  const THEMES = ['light', 'dark'];
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const read = () => {
    try {
      return localStorage.getItem(KEEP);
    } catch {
      return null; // the browser keeps nothing
    }
  };
  const known = (theme) => (THEMES.includes(theme) ? theme : 'system');
  let chosen = known(read());

  // The colours before the styles are there follow the system, in variables of Gradio's own.
  const EARLY = {
    dark: { '--bg': '--bg-dark', '--col': '--col-dark' },
    light: { '--bg-dark': '--bg', '--col-dark': '--col' },
    system: {},
  };

  function draw() {
    const dark = chosen === 'dark' || (chosen === 'system' && system.matches);
    for (const name of ['--bg', '--col', '--bg-dark', '--col-dark']) {
      const other = EARLY[chosen][name];
      if (other) root.style.setProperty(name, `var(${other})`);
      else root.style.removeProperty(name);
    }
    root.style.colorScheme = dark ? 'dark' : 'light';
    const body = document.body;
    if (body && body.classList.contains('dark') !== dark) body.classList.toggle('dark', dark);
  }

  function watchBody() {
    draw();
    new MutationObserver(draw).observe(document.body, { attributeFilter: ['class'] });
  }
  if (document.body) watchBody();
  else {
    const waiting = new MutationObserver(() => {
      if (!document.body) return;
      waiting.disconnect();
      watchBody();
    });
    waiting.observe(root, { childList: true });
  }
  draw();
  system.addEventListener('change', draw);
  window.addEventListener('storage', (event) => {
    if (event.key !== KEEP && event.key !== null) return;
    chosen = known(read());
    draw();
  });

  return {
    chosen: () => chosen,
    choose(theme) {
      chosen = known(theme);
      draw();
    },
  };
})();
