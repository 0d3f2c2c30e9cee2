// payment-service: the ledger and the road to the card company, over HTTP.

import express, {type ErrorRequestHandler, type Request} from 'express';
import * as Sentry from '@sentry/node';
import {seededChance} from './chance.ts';
import {TRIGGERS} from './debug.ts';
import {PaymentError, RefusedError} from './errors.ts';
import {Events} from './events.ts';
import {Faults} from './faults.ts';
import {Ledger, type RoundEntry} from './ledger.ts';
import {pay, type Needs} from './payments.ts';
import {Provider} from './provider.ts';
import {setting} from './settings.ts';

const BODY_LIMIT = '64kb';
const STOP_MS_MAX = 3000;
const HTTP_SERVER_ERROR = 500;

const chance = seededChance(Number(setting('GAME_SEED', '20261')));
const needs: Needs = {ledger: new Ledger(), provider: new Provider(chance), events: new Events(), faults: new Faults(), chance};
await needs.ledger.prepare();

const app = express();
app.use(express.json({limit: BODY_LIMIT}));
app.use((request, _response, next) => {
  const player = playerOf(request);
  const faultId = request.header('X-Fault-Id');
  if (player !== '') Sentry.setUser({id: player});
  if (faultId !== undefined) Sentry.setTag('fault.id', faultId);
  next();
});

app.get('/healthz', async (_request, response) => {
  try {
    await needs.ledger.ping();
    response.json({status: 'ok'});
  } catch {
    response.status(503).json({error: 'PostgreSQL cannot be reached'});
  }
});
app.post('/ledger/rounds', async (request, response) => {
  const balance = await needs.ledger.bookRound(playerOf(request), readRound(request.body));
  response.json({balance});
});
app.get('/ledger/:player/balance', async (request, response) => {
  response.json({balance: await needs.ledger.balanceOf(request.params.player)});
});
app.post('/deposits', async (request, response) => {
  response.status(201).json(await pay(needs, 'deposit', playerOf(request), request.body));
});
app.post('/withdrawals', async (request, response) => {
  response.status(201).json(await pay(needs, 'withdrawal', playerOf(request), request.body));
});
app.get('/payments', async (_request, response) => {
  response.json(await needs.ledger.payments());
});
app.get('/summary', async (_request, response) => {
  response.json(await needs.ledger.summary());
});
app.post('/debug/:name', async (request, response) => {
  const trigger = TRIGGERS[request.params.name];
  if (trigger === undefined) throw new RefusedError('there is no such debug endpoint', 404);
  response.status(202).json(await trigger(needs));
});

const answerFailure: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const status = error instanceof PaymentError ? error.status : HTTP_SERVER_ERROR;
  const sentence = error instanceof PaymentError ? error.message : 'the payment service failed; nothing was booked';
  response.status(status).json({error: sentence});
};
app.use(answerFailure);

const host = setting('LISTEN_HOST', '127.0.0.1');
const server = app.listen(Number(setting('PAYMENT_SERVICE_PORT', '8083')), host, () => {
  console.log('payment-service listens');
});

function playerOf(request: Request): string {
  return request.header('X-User-Id') ?? '';
}

function readRound(body: unknown): RoundEntry {
  const round = body as Partial<RoundEntry> | undefined;
  const isWhole = typeof round?.round_id === 'string' && Number.isInteger(round.bet) && Number.isInteger(round.win);
  if (!isWhole || Number(round.bet) <= 0 || Number(round.win) < 0) {
    throw new RefusedError('a round has an id, a positive bet and a win');
  }
  return {round_id: String(round.round_id), bet: Number(round.bet), win: Number(round.win)};
}

async function stop(): Promise<void> {
  needs.faults.close();
  server.close();
  server.closeIdleConnections();
  await Promise.allSettled([needs.events.close(), needs.ledger.close(), Sentry.close(STOP_MS_MAX)]);
  process.exit(0);
}
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
