// Settings: what each person sets in this browser, and the form of the chat model.

const part = (name) => element.querySelector(`.settings-${name}`);

// What is set for this browser alone, and kept in it.
const OWN = { theme: 'system', length: 'normal' };
const kept = (name) => paperchat.recall('localStorage', `paperchat.${name}`);
const keep = (name, value) => {
  paperchat.keep('localStorage', `paperchat.${name}`, value);
  return kept(name) === value
    ? 'Saved in this browser.' : 'This browser keeps nothing: it holds until the page is closed.';
};
function showOwn() {
  for (const [name, usual] of Object.entries(OWN)) {
    const choices = [...element.querySelectorAll(`[data-own="${name}"]`)];
    const value = kept(name);
    const chosen = choices.find((one) => one.value === value);
    (chosen ?? choices.find((one) => one.value === usual)).checked = true;
  }
}
window.addEventListener('storage', showOwn);
showOwn();

// The model's form and the facts, as the server has them.
const form = () => element.querySelector('form');
const said = (text) => { part('said').textContent = text; };
let test = 0; // grows, so that a test that was stopped knows it

function show({ model, facts }) {
  test += 1;
  part('model').innerHTML = model;
  part('facts').innerHTML = facts;
}
async function read() {
  part('lost').hidden = true;
  try {
    show(await paperchat.call(server.settings));
  } catch {
    part('lost').hidden = false;
  }
}
async function readFacts() {
  // Without the form, in which somebody may be typing.
  try {
    part('facts').innerHTML = (await paperchat.call(server.settings)).facts;
  } catch {
    // Was said; what is shown stays.
  }
}

const typed = () =>
  Object.fromEntries([...form().elements].filter((one) => one.name && !one.disabled)
    .filter((one) => one.type !== 'checkbox' || one.checked)
    .map((one) => [one.name, one.value]));

function showFields(problems) {
  let first = null;
  for (const field of form().querySelectorAll('input')) {
    const problem = problems[field.name] ?? '';
    field.parentElement.querySelector('.settings-error').textContent = problem;
    if (problem) {
      field.setAttribute('aria-invalid', 'true');
      field.closest('details')?.setAttribute('open', '');
      first ??= field;
    } else {
      field.removeAttribute('aria-invalid');
    }
  }
  first?.focus();
}
// Calls the server; returns null where fields have to be put right first, or where it failed.
async function asked(remote) {
  showFields({});
  let answered;
  try {
    answered = await paperchat.call(remote, typed());
  } catch (error) {
    said(error.message);
    return null;
  }
  if (!answered.fields) return answered;
  said('Not done: look at the marked fields.');
  showFields(answered.fields);
  return null;
}

async function change(remote) {
  for (const button of form().querySelectorAll('button')) button.disabled = true;
  const answered = await asked(remote);
  if (!answered) {
    for (const button of form().querySelectorAll('button')) button.disabled = false;
    return;
  }
  const unfolded = form().querySelector('details')?.open;
  show(answered);
  form().querySelector('details').open = unfolded;
  said(answered.said);
  form().querySelector('button')?.focus();
  paperchat.tell('settings');
}

// The test: first what models there are, then whether the one that is wanted answers.
async function tryIt(button) {
  const now = ++test;
  const started = Date.now();
  const step = (text) => {
    said('');
    const seconds = document.createElement('span');
    seconds.setAttribute('aria-hidden', 'true');
    part('said').append(`${text}… `, seconds);
  };
  const ticking = setInterval(() => {
    const seconds = part('said')?.querySelector('span');
    if (now !== test || !seconds) clearInterval(ticking);
    else seconds.textContent = `${Math.round((Date.now() - started) / 1000)} s`;
  }, 1000);
  const end = (text) => {
    clearInterval(ticking);
    if (now !== test) return;
    button.textContent = 'Test connection';
    form().removeAttribute('aria-busy');
    if (text !== null) said(text);
  };
  button.textContent = 'Stop';
  form().setAttribute('aria-busy', 'true');
  part('result').replaceChildren();
  step('Asking the server for its models');
  const listed = await asked(server.list_models);
  if (now !== test) return;
  if (!listed) return end(null);
  if (!listed.wanted) {
    part('result').innerHTML = listed.html;
    return end('The test has ended.');
  }
  step('Asking the model for a short reply');
  const tried = await asked(server.try_model);
  if (now !== test) return;
  if (!tried) return end(null);
  const choices = tried.works || !listed.choose ? '' : listed.html;
  part('result').innerHTML = tried.html + choices + tried.checks;
  end(tried.works ? 'The test has ended well.' : 'The test has failed.');
}
function stopTest(button) {
  test += 1;
  button.textContent = 'Test connection';
  form().removeAttribute('aria-busy');
  said('Stopped.');
}

const ACTIONS = {
  read,
  test: (button) => (form().hasAttribute('aria-busy') ? stopTest(button) : tryIt(button)),
  forget_model: () => change(server.forget_model),
  forget_key: () => change(server.forget_key),
};
element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  ACTIONS[button.dataset.do]?.(button);
  if (button.dataset.model !== undefined) {
    const field = form().elements.model;
    field.value = button.dataset.model;
    field.focus();
    said('Not saved yet.');
  }
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  change(server.save_model);
});
element.addEventListener('input', (event) => {
  if (event.target.form && !form().hasAttribute('aria-busy')) said('Not saved yet.');
});
element.addEventListener('change', (event) => {
  const { own } = event.target.dataset;
  if (!own) return;
  part('kept').textContent = keep(own, event.target.value);
  if (own === 'theme') window.paperchatTheme?.choose(event.target.value);
});

let begun = false;
function seen(view) {
  if (view !== 'settings') return;
  if (begun) readFacts();
  else read();
  begun = true;
}
document.addEventListener('paperchat:view', ({ detail }) => seen(detail.view));
seen(document.querySelector('#page').dataset.view); // it may be shown already
document.addEventListener('paperchat:library', () => { if (begun) readFacts(); });
