// On every page: trace its load, unless it has no name, and make "copy" buttons work.
import {start, tracePageLoad} from '/waymark.js';

const {page, service} = document.body.dataset;
const lounge = document.querySelector('[data-lounge]')?.dataset.lounge;
start({serviceName: `${service}-browser`, endpoint: '/v1/traces', propagateTo: lounge ? [lounge] : []});
if (page) tracePageLoad(page);

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed';
  }
  setTimeout(() => { button.textContent = words; }, 1500);
});
