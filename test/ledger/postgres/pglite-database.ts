import type { PGlite } from "@electric-sql/pglite";
import { Stopwatch } from "../../../src/async/stopwatch.ts";
import type { Answer, Database, Listener } from "../../../src/ledger/postgres/database.ts";

/** PostgreSQL in this process: the same statements, without a server. */
export class PgliteDatabase implements Database {
  readonly #pglite: PGlite;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Answer<Row>> {
    const sinceRequest = new Stopwatch();
    return { rows: (await this.#pglite.query<Row>(text, [...values])).rows, sinceRequest };
  }

  async script(text: string): Promise<void> {
    await this.#pglite.exec(text);
  }

  async listen(channel: string, onNotification: (payload: string | null) => void): Promise<Listener> {
    const end = await this.#pglite.listen(channel, onNotification);
    return { working: true, close: () => end() };
  }

  /** Shared by all ledgers of a test. */
  async close(): Promise<void> {}
}
