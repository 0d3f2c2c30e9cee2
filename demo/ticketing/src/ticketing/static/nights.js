// Ask the lounge what comes next. The call takes the page's trace along.
import {traceApiCall, tracedFetch} from '/waymark.js';
import '/static/page.js';

const list = document.querySelector('#coming');
const lounge = list.dataset.lounge;

function eventItem(event) {
  const item = document.createElement('li');
  item.className = 'card';
  const title = document.createElement('h2');
  const link = document.createElement('a');
  link.href = `${lounge}/events/${encodeURIComponent(event.id)}`;
  link.textContent = event.name;
  title.append(link);
  const when = document.createElement('p');
  const time = new Date(event.starts_at).toLocaleString('en', {dateStyle: 'medium', timeStyle: 'short'});
  when.textContent = `${event.venue}, ${time}`;
  item.append(title, when);
  return item;
}

try {
  const events = await traceApiCall('load coming events', async (span) => {
    const response = await tracedFetch(`${lounge}/api/events`, {parent: span});
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const answer = await response.json();
    span.setAttribute('event.count', answer.events.length);
    return answer.events;
  });
  list.replaceChildren(...events.map(eventItem));
} catch {
  const item = document.createElement('li');
  item.textContent = 'The list cannot be loaded just now.';
  list.replaceChildren(item);
}
