// The ledger: every cent that moves is an entry, and an account is the sum of its entries.

import {randomUUID} from 'node:crypto';
import pg from 'pg';
import {RefusedError} from './errors.ts';
import {setting} from './settings.ts';

const CONNECTION_COUNT_MAX = 10;
const CONNECTION_MS_MAX = 3000;
const WELCOME_CENTS = 100_000;
const PAYMENT_LIST_MAX = 200;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS accounts (
  player  text PRIMARY KEY,
  balance bigint NOT NULL CHECK (balance >= 0)
);
CREATE TABLE IF NOT EXISTS entries (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  player text NOT NULL REFERENCES accounts,
  kind   text NOT NULL CHECK (kind IN ('welcome', 'bet', 'win', 'deposit', 'withdrawal')),
  amount bigint NOT NULL,
  cause  text NOT NULL,
  at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS entries_by_player ON entries (player, id);
CREATE TABLE IF NOT EXISTS payments (
  id     text PRIMARY KEY,
  player text NOT NULL,
  kind   text NOT NULL CHECK (kind IN ('deposit', 'withdrawal')),
  amount bigint NOT NULL CHECK (amount > 0),
  status text NOT NULL CHECK (status IN ('succeeded', 'declined', 'failed')),
  at     timestamptz NOT NULL DEFAULT now()
);`;

export interface Payment {
  readonly payment_id: string;
  readonly player: string;
  readonly kind: 'deposit' | 'withdrawal';
  readonly amount: number;
  readonly status: 'succeeded' | 'declined' | 'failed';
}

export interface RoundEntry {
  readonly round_id: string;
  readonly bet: number;
  readonly win: number;
}

export class Ledger {
  private readonly pool = new pg.Pool({
    connectionString: setting(
      'POSTGRES_URL',
      `postgres://igaming@127.0.0.1:${setting('POSTGRES_PORT', '15432')}/igaming`,
    ),
    max: CONNECTION_COUNT_MAX,
    connectionTimeoutMillis: CONNECTION_MS_MAX,
  });

  constructor() {
    // A connection that the server closes while idle is replaced; the process must not end with it.
    this.pool.on('error', (error) => console.warn('idle connection lost:', error.message));
  }

  async prepare(): Promise<void> {
    await this.pool.query(SCHEMA);
  }

  async ping(): Promise<void> {
    await this.pool.query('SELECT 1');
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  async balanceOf(player: string): Promise<number> {
    const found = await this.pool.query<{balance: string}>('SELECT balance FROM accounts WHERE player = $1', [player]);
    return found.rows[0] ? Number(found.rows[0].balance) : this.openAccount(player);
  }

  /** Books bet and win of one round together, or nothing. */
  async bookRound(player: string, round: RoundEntry): Promise<number> {
    await this.balanceOf(player);
    return this.inTransaction(async (client) => {
      const changed = await client.query<{balance: string}>(
        'UPDATE accounts SET balance = balance - $2 + $3 WHERE player = $1 AND balance >= $2 RETURNING balance',
        [player, round.bet, round.win],
      );
      if (!changed.rows[0]) throw new RefusedError('the balance does not cover this bet', 409);
      await client.query(
        `INSERT INTO entries (player, kind, amount, cause)
         SELECT $1, kind, amount, $2 FROM (VALUES ('bet', $3::bigint), ('win', $4::bigint)) AS booked (kind, amount)
         WHERE amount <> 0`,
        [player, round.round_id, -round.bet, round.win],
      );
      return Number(changed.rows[0].balance);
    });
  }

  /** Keeps a payment and, when it succeeded, moves the money. */
  async bookPayment(payment: Payment): Promise<number> {
    await this.balanceOf(payment.player);
    const signed = payment.kind === 'deposit' ? payment.amount : -payment.amount;
    return this.inTransaction(async (client) => {
      await client.query('INSERT INTO payments (id, player, kind, amount, status) VALUES ($1, $2, $3, $4, $5)', [
        payment.payment_id, payment.player, payment.kind, payment.amount, payment.status,
      ]);
      const moved = payment.status === 'succeeded' ? signed : 0;
      const changed = await client.query<{balance: string}>(
        'UPDATE accounts SET balance = balance + $2 WHERE player = $1 AND balance + $2 >= 0 RETURNING balance',
        [payment.player, moved],
      );
      if (!changed.rows[0]) throw new RefusedError('the balance does not cover this withdrawal', 409);
      if (moved !== 0) {
        await client.query('INSERT INTO entries (player, kind, amount, cause) VALUES ($1, $2, $3, $4)', [
          payment.player, payment.kind, moved, payment.payment_id,
        ]);
      }
      return Number(changed.rows[0].balance);
    });
  }

  async payments(): Promise<Payment[]> {
    const found = await this.pool.query<Payment & {amount: string}>(
      `SELECT id AS payment_id, player, kind, amount, status, at FROM payments ORDER BY at DESC LIMIT ${PAYMENT_LIST_MAX}`,
    );
    return found.rows.map((row) => ({...row, amount: Number(row.amount)}));
  }

  /** The business's figures, straight from the ledger: whatever else is shown must agree. */
  async summary(): Promise<Record<string, number | null>> {
    const found = await this.pool.query<Record<string, string | null>>(`
      SELECT count(*) AS payment_count,
             count(*) FILTER (WHERE status = 'succeeded') AS payment_count_succeeded,
             count(*) FILTER (WHERE status = 'succeeded')::float / nullif(count(*), 0) AS payment_success_rate,
             coalesce(sum(amount) FILTER (WHERE kind = 'deposit' AND status = 'succeeded'), 0) AS deposit_cents,
             coalesce(sum(amount) FILTER (WHERE kind = 'withdrawal' AND status = 'succeeded'), 0) AS withdrawal_cents,
             (SELECT coalesce(-sum(amount), 0) FROM entries WHERE kind = 'bet') AS bet_cents,
             (SELECT coalesce(sum(amount), 0) FROM entries WHERE kind = 'win') AS win_cents
      FROM payments`);
    const row = found.rows[0] ?? {};
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : Number(value)]));
  }

  /** Used by the database-error fault: a statement that PostgreSQL refuses. */
  async runWrongStatement(): Promise<void> {
    await this.pool.query('SELECT jackpot FROM accounts WHERE player = $1', [randomUUID()]);
  }

  private async openAccount(player: string): Promise<number> {
    await this.inTransaction(async (client) => {
      const opened = await client.query(
        'INSERT INTO accounts (player, balance) VALUES ($1, $2) ON CONFLICT DO NOTHING', [player, WELCOME_CENTS],
      );
      if (opened.rowCount === 1) {
        await client.query("INSERT INTO entries (player, kind, amount, cause) VALUES ($1, 'welcome', $2, 'welcome')", [
          player, WELCOME_CENTS,
        ]);
      }
    });
    return WELCOME_CENTS;
  }

  private async inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }
}
