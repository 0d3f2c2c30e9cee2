// A page that breaks while it adds up a cart, watched by @sentry/browser.
import * as Sentry from '@sentry/browser';
import {Cart} from './cart';

declare global {
  interface Window {
    told?: string;
  }
}

const settings = new URLSearchParams(location.search);

Sentry.init({
  dsn: settings.get('dsn') ?? undefined,
  release: settings.get('release') ?? undefined,
  beforeSend(event) {
    setTimeout(async () => {
      await Sentry.flush(10_000);
      window.told = JSON.stringify({event_id: event.event_id});
    });
    return event;
  },
});

export function checkOut(): number {
  const cart = new Cart();
  cart.add({name: 'pen', price: 2});
  cart.add({name: 'ink', price: null});
  return cart.total();
}

setTimeout(() => checkOut(), 0);
