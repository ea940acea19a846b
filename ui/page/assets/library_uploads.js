// Adding files to the library. It runs as one with library_list.js, after it, and before library.js.

// Each file is sent by itself, and the server says how far it is.
const LIMITS = {
  file: Number(view.dataset.fileBytes),
  all: Number(view.dataset.uploadBytes),
  files: Number(view.dataset.files),
};
const inMegabytes = (size) => `${(size / 1e6).toLocaleString('en-GB', { maximumFractionDigits: 1 })} MB`;
function refuse(reasons) {
  part('.library-refused').textContent = reasons.join(' ');
  part('.library-refused').hidden = !reasons.length;
}
async function add(files) {
  const fitting = files.filter((file) => file.size <= LIMITS.file);
  const reasons = files.filter((file) => file.size > LIMITS.file).map(
    (file) => `${file.name} has ${inMegabytes(file.size)}, more than the ${inMegabytes(LIMITS.file)} that a file may have.`,
  );
  const size = fitting.reduce((sum, file) => sum + file.size, 0);
  if (files.length > LIMITS.files) {
    refuse([`${files.length} files are more than the ${LIMITS.files} that can be added at once.`]);
  } else if (size > LIMITS.all) {
    refuse([`The files have ${inMegabytes(size)}, more than the ${inMegabytes(LIMITS.all)} that can be added at once.`]);
  } else {
    refuse(reasons);
    if (fitting.length) await send(fitting, reasons);
  }
}
async function send(files, reasons) {
  const { upload } = await paperchat.call(server.begun, { files: files.length });
  sending += 1;
  quietly(follow());
  try {
    let sent = 0;
    for (const file of files) {
      const data = await contentOf(file).catch(() => null);
      if (data === null) reasons.push(`${file.name} could not be read; of a folder, choose the files in it.`);
      else {
        await paperchat.call(server.received, { upload, name: file.name, data });
        sent += 1;
      }
    }
    refuse(reasons);
    await paperchat.call(sent ? server.started : server.dismissed, { upload });
  } catch (error) {
    await server.dismissed({ upload }).catch(() => {});
    throw error;
  } finally {
    sending -= 1;
  }
}
// Resolves to the content in base64.
const contentOf = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
  reader.onerror = reject;
  reader.readAsDataURL(file);
});

// Uploads are asked after until none is under way; the server sends those that changed.
const FOLLOW_MS = 400;
const shelf = part('.uploads');
const told = new Map(); // by upload: the mark of what is shown of it, and whether it had ended
let sending = 0;
let following = false;
async function follow() {
  if (following) return;
  following = true;
  try {
    while (await showUploads()) await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS));
  } finally {
    following = false;
  }
}
async function showUploads() {
  const known = [...told.values()].map(({ mark }) => mark);
  const { uploads } = await paperchat.call(server.uploads, { known });
  const current = uploads.map(({ upload }) => upload);
  for (const old of [...shelf.children]) if (!current.includes(old.dataset.upload)) old.remove();
  for (const old of [...told.keys()]) if (!current.includes(old)) told.delete(old);
  for (const each of uploads) if ('html' in each) showUpload(each);
  return sending > 0 || uploads.some(({ ended }) => !ended);
}
function showUpload({ upload, mark, html, ended, said }) {
  const before = told.get(upload);
  told.set(upload, { mark, ended });
  const holder = document.createElement('template');
  holder.innerHTML = html;
  const shown = [...shelf.children].find((each) => each.dataset.upload === upload);
  if (shown) shown.replaceWith(holder.content);
  else shelf.append(holder.content);
  if (ended && before && !before.ended) {
    if (said) paperchat.say(said);
    paperchat.tell('library');
  }
}

part('input[type="file"]').addEventListener('change', ({ target }) => {
  const files = [...target.files];
  target.value = ''; // so that the same file can be chosen again
  quietly(add(files));
});

// Files may be dropped anywhere: elsewhere the browser would leave the page for them.
const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
let over = 0;
const mark = (count) => {
  over = Math.max(0, count);
  part('.library-add').classList.toggle('over', over > 0);
};
document.addEventListener('dragenter', (event) => carriesFiles(event) && mark(over + 1));
document.addEventListener('dragleave', (event) => carriesFiles(event) && mark(over - 1));
document.addEventListener('dragover', (event) => carriesFiles(event) && event.preventDefault());
document.addEventListener('drop', (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  mark(0);
  paperchat.show('library');
  quietly(add([...event.dataTransfer.files]));
});
