// The ask view: its elements, and what all its scripts look at. They run one after the other as one
// function, in which `element`, `trigger`, `props`, `server` and `watch` come from Gradio.

const log = element.querySelector('#transcript');
const form = element.querySelector('#composer');
const box = element.querySelector('#question');
const chosenBox = element.querySelector('.chosen');
const preview = element.querySelector('#quote-preview');
const [askButton, stopButton] = [element.querySelector('#ask'), element.querySelector('#stop')];

let conversation = ''; // where this one is kept; '' until its first answer is
let running = null; // {name, article, gone} of the answer under way; `gone` made room for it
let latest = 0; // counts what is shown, so that a reply that comes late takes nobody's place
let replacing = null; // the article whose question is being edited
let chosen = { within: [], label: '' };
const KEPT = 'paperchat.conversation';

const exchanges = () => [...log.querySelectorAll('.exchange')];
const fine = () => window.matchMedia('(pointer: fine)').matches;
const focusBox = () => box.focus({ preventScroll: true });
