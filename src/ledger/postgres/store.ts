import { afterGrace } from "../../async/grace.ts";
import { sha256OfText } from "../../bytes/sha256.ts";
import { MediaPreflightError } from "../../errors.ts";
import { type LedgerEntry, orderedEntry } from "../entry.ts";
import { knownAmong } from "../entry-lists.ts";
import type { KnownAsset } from "../ledger.ts";
import { ReleaseSignals } from "../release-signals.ts";
import type { EntryWrite, Lease, LeaseAnswer, LeaseRequest, LedgerStore, WriteAnswer } from "../store.ts";
import type { Answer, Database, Listener } from "./database.ts";
import { migrationScript, namesIn, schemaVersion, versionQuery } from "./schema.ts";
import { type Statements, statementsFor } from "./statements.ts";

/** How the store uses the database. */
export interface PostgresStoreOptions {
  /** Schema of the tables. */
  schema: string;
  /** Shown to processes that wait for an entry: "process 12 on host a". */
  holderName: string;
}

/** Ids in one statement. */
const idsPerStatement = 500;
/** With notifications; the entry is read again in case one was missed. */
const notifiedWaitInMilliseconds = 5000;
/** Without notifications, the entry is read again. */
const pollInMilliseconds = 1000;

/**
 * Entries and leases in PostgreSQL. Every change is one statement, so that it is atomic through any pooler; a statement
 * that is sent again after a lost connection has no second effect, because leases carry a token and writes a revision.
 * All times are the database's.
 */
export class PostgresStore implements LedgerStore {
  readonly renews = true;
  readonly #database: Database;
  readonly #options: PostgresStoreOptions;
  readonly #sql: Statements;
  readonly #channel: string;
  readonly #released = new ReleaseSignals();
  #ready: Promise<void> | null = null;
  #listener: Promise<Listener | null> | null = null;

  constructor(database: Database, options: PostgresStoreOptions) {
    this.#database = database;
    this.#options = options;
    this.#sql = statementsFor(namesIn(options.schema));
    this.#channel = `media_preflight_${sha256OfText(options.schema).slice(0, 16)}`;
  }

  async acquire({ text, holder, duration, signal }: LeaseRequest): Promise<LeaseAnswer> {
    const id = idOf(text);
    const values = [id, holder, this.#options.holderName, duration];
    const { rows, sinceRequest } = await this.#query<GrantedRow>(this.#sql.acquire, values, signal);
    const [granted] = rows;
    if (granted) {
      const { token, entry, interrupted, now } = granted;
      return {
        outcome: "granted",
        token,
        entry: entry && orderedEntry(entry),
        interrupted,
        trusted: true,
        now: Number(now),
        sinceRequest,
      };
    }
    const {
      rows: [leased],
    } = await this.#query<LeasedRow>(this.#sql.announceWait, [id]);
    return {
      outcome: "leased",
      holder: leased?.holder_name ?? "another process",
      remaining: Number(leased?.remaining ?? 0),
    };
  }

  async renew({ text, token, duration, signal }: Lease): Promise<WriteAnswer> {
    const values = [idOf(text), token, duration];
    return writeAnswerOf(await this.#query<NowRow>(this.#sql.renew, values, afterGrace(signal ?? null)));
  }

  async write(lease: Lease, { entry, revision, release }: EntryWrite): Promise<WriteAnswer> {
    const { text, token, duration, signal } = lease;
    const values = [idOf(text), token, duration, JSON.stringify(orderedEntry(entry)), idsIn(entry)];
    const all = [...values, revision, release, this.#channel];
    return writeAnswerOf(await this.#query<NowRow>(this.#sql.write, all, afterGrace(signal ?? null)));
  }

  async release({ text, token, signal }: Lease): Promise<void> {
    const values = [idOf(text), token, this.#channel];
    await this.#query(this.#sql.release, values, afterGrace(signal ?? null));
  }

  async get(text: string): Promise<LedgerEntry | null> {
    const {
      rows: [row],
    } = await this.#query<{ entry: LedgerEntry | null }>(this.#sql.get, [idOf(text)]);
    return row?.entry ? orderedEntry(row.entry) : null;
  }

  async known(origin: string, ids: readonly string[]): Promise<KnownAsset[]> {
    const found: KnownAsset[] = [];
    for (let from = 0; from < ids.length; from += idsPerStatement) {
      const some = ids.slice(from, from + idsPerStatement);
      const { rows } = await this.#query<{ entry: LedgerEntry }>(this.#sql.known, [
        some.map((id) => assetKey(origin, id)),
      ]);
      const entries = rows.map(({ entry }) => entry);
      found.push(...knownAmong(entries, origin, some));
    }
    return found;
  }

  async page(after: string | null, size: number): Promise<{ entries: LedgerEntry[]; next: string | null }> {
    const { rows } = await this.#query<{ id: string; entry: LedgerEntry }>(this.#sql.page, [
      after ?? "",
      size,
    ]);
    const entries = rows.map(({ entry }) => orderedEntry(entry));
    return { entries, next: rows.length < size ? null : (rows.at(-1)?.id ?? null) };
  }

  async waitForRelease(text: string, milliseconds: number, signal: AbortSignal | null): Promise<void> {
    const listener = await this.#listen();
    const longest = listener?.working ? notifiedWaitInMilliseconds : pollInMilliseconds;
    await this.#released.wait(idOf(text), Math.min(milliseconds, longest), signal);
  }

  async reserve(bucket: string, perMinute: number): Promise<number> {
    const {
      rows: [row],
    } = await this.#query<{ wait: string }>(this.#sql.reserve, [bucket, 60_000 / perMinute]);
    return Math.ceil(Number(row?.wait ?? 0));
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    const listener = await this.#listener?.catch(() => null);
    await listener?.close();
    await this.#database.close();
  }

  /** Makes the tables, or brings them to this release's version. Needs the right to create tables. */
  async migrate(): Promise<void> {
    await this.#database.script(migrationScript(this.#options.schema));
  }

  async #query<Row>(
    text: string,
    values: readonly unknown[],
    signal: AbortSignal | null = null,
  ): Promise<Answer<Row>> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = null;
      throw error;
    });
    await this.#ready;
    return this.#database.query<Row>(text, values, signal);
  }

  /** Checks the tables' version and that commits are durable; makes the tables if there are none. */
  async #prepare(): Promise<void> {
    if ((await this.#version()) < schemaVersion) await this.migrate();
    const version = await this.#version();
    if (version > schemaVersion)
      throw new MediaPreflightError("ledger-invalid", `the ledger's tables are of version ${version}`, {
        hint: "a later release of media-preflight made them: update this one",
      });
    const {
      rows: [row],
    } = await this.#database.query<{ value: string }>(
      "SELECT current_setting('synchronous_commit') AS value",
    );
    if (row?.value === "off")
      throw new MediaPreflightError("ledger-invalid", "the ledger's database has synchronous_commit off", {
        hint: "set it to on for this user (ALTER ROLE … SET synchronous_commit = on): a lost commit registers a file twice",
      });
  }

  async #version(): Promise<number> {
    const { schema } = this.#options;
    const {
      rows: [row],
    } = await this.#database.query<{ present: boolean }>(versionQuery(schema));
    if (!row?.present) return 0;
    const {
      rows: [found],
    } = await this.#database.query<{ version: number | null }>(this.#sql.version);
    return found?.version ?? 0;
  }

  /** Null if there is no connection: waiting then polls, and the next wait tries again. */
  #listen(): Promise<Listener | null> {
    this.#listener ??= this.#database
      .listen(this.#channel, (payload) => {
        if (payload === null) this.#listener = null;
        this.#released.wake(payload);
      })
      .catch(() => {
        this.#listener = null;
        return null;
      });
    return this.#listener;
  }
}

interface GrantedRow {
  token: string;
  entry: LedgerEntry | null;
  interrupted: boolean;
  now: string;
}

interface LeasedRow {
  holder_name: string | null;
  remaining: string;
}

interface NowRow {
  now: string;
}

function writeAnswerOf({ rows: [row], sinceRequest }: Answer<NowRow>): WriteAnswer {
  return row ? { outcome: "written", now: Number(row.now), sinceRequest } : { outcome: "lost" };
}

/** Of fixed length, whatever the URL: keys are compared and indexed by it. */
function idOf(text: string): string {
  return sha256OfText(text);
}

function assetKey(origin: string, id: string): string {
  return `${origin} ${id}`;
}

function idsIn({ origin, id, formerIds = [] }: LedgerEntry): string[] {
  return [...formerIds, ...(id === undefined ? [] : [id])].map((one) => assetKey(origin, one));
}
