// The head: what it says of the library, kept current.

const status = element.querySelector('.status');
async function refresh() {
  status.innerHTML = (await paperchat.call(server.status)).html;
}
document.addEventListener('paperchat:library', refresh);
document.addEventListener('paperchat:settings', refresh);
paperchat.place();
refresh();
