import { existsSync } from "node:fs";
import { isMediaPreflightError, MediaPreflightError } from "../../../errors.ts";
import { isDatabase } from "../../../ledger/database-url.ts";
import type { LedgerEntry } from "../../../ledger/entry.ts";
import { ledgerFile } from "../../../ledger/file/file-ledger.node.ts";
import { openLedger } from "../../../ledger/open-ledger.node.ts";
import { escapeControls, escapeInJson } from "../../../report/escape.ts";
import { explainUpstream } from "../../../report/explain/upstream.ts";
import { formatCount } from "../../../report/units.ts";
import { type Property, ruleName } from "../../../rules/properties.ts";
import type { Table } from "../../../rules/schema.ts";
import { builtInTables } from "../../../rules/tables.ts";
import { ledgerAddress, ledgerOf, refusePassword } from "../../args/ledger.ts";
import { errorLine } from "../../io/stderr-line.ts";
import type { ExitCode, Terminal } from "../../io/terminal.ts";
import { boundsText } from "./bounds-text.ts";

/** The row of a rule table that let files pass which the service then refused. */
export interface DriftRow {
  /** The table's id. */
  id: string;
  /** The table's version when the files passed: the date it was checked; null if the ledger does not say. */
  version: string | null;
  /** The property's bounds as the present table states them. Null: the table is not built in, or has no such row. */
  limit: Readonly<Record<string, unknown>> | null;
  source: string | null;
  /** When the present row was last compared with its source. */
  checked: string | null;
}

/** Files that passed one rule and that the service refused by it on one day. */
export interface Drift {
  /** The local rule that should have caught them. */
  rule: string;
  /** yyyy-mm-dd, UTC */
  date: string;
  /** The service's codes. */
  codes: string[];
  row: DriftRow;
  files: { file: string | null; id: string | null; origin: string; checkedAt: string | null }[];
}

/** Prints where ledgers show that a limit of the service has changed: 1 if anywhere, 2 if a ledger cannot be read. */
export async function drift(places: readonly string[], json: boolean, terminal: Terminal): Promise<ExitCode> {
  const groups = new Map<string, Drift>();
  let code: ExitCode = 0;
  for (const place of places.length > 0 ? places : [null])
    try {
      for await (const entry of entriesOf(place, terminal)) await add(entry, groups);
    } catch (error) {
      if (!isMediaPreflightError(error) || terminal.signal.aborted) throw error;
      terminal.err(errorLine(error, place));
      code = 2;
    }
  const found = [...groups.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  if (json) terminal.out(`${escapeInJson(JSON.stringify(found, null, 2))}\n`);
  // That there is none can be said only if every ledger was read.
  else if (found.length > 0 || code === 0) terminal.out(textOf(found));
  return code === 2 ? 2 : found.length > 0 ? 1 : 0;
}

const sortKey = ({ rule, date, row }: Drift): string => [rule, date, row.id, row.version].join("\n");

/** @throws MediaPreflightError `not-found`, `ledger-invalid`, `ledger-unreachable`, `usage` */
async function* entriesOf(place: string | null, { env }: Terminal): AsyncGenerator<LedgerEntry> {
  const noArgs = { positionals: [], switches: new Set<string>(), values: {}, lists: {} };
  if (place !== null) refusePassword(place);
  const at = place ?? ledgerAddress(noArgs, env) ?? ledgerFile;
  // A file that is not there would be a new ledger, without entries.
  if (!isDatabase(at) && !existsSync(at))
    throw new MediaPreflightError("not-found", "there is no such ledger", {
      path: at,
      hint: "name the ledger files, or run it in the folder where push was run",
    });
  const ledger = place === null ? ledgerOf(noArgs, env) : openLedger(place);
  try {
    yield* ledger.entries();
  } finally {
    await ledger.close();
  }
}

async function add(entry: LedgerEntry, groups: Map<string, Drift>): Promise<void> {
  const explained = entry.step === "failed" && entry.errorCode ? explainUpstream(entry.errorCode) : null;
  // A URL that could not be fetched is no limit.
  if (!explained?.rule || explained.rule === "not-found") return;
  const rule = `${entry.type}/${explained.rule}`;
  const date = entry.at.slice(0, 10);
  const table = entry.rules ?? "unknown";
  const version = entry.rulesVersion ?? null;
  const key = JSON.stringify([rule, date, table, version]);
  let group = groups.get(key);
  if (!group) {
    group = {
      rule,
      date,
      codes: [],
      row: { id: table, version, ...(await rowOf(entry, explained.rule)) },
      files: [],
    };
    groups.set(key, group);
  }
  if (!group.codes.includes(explained.code)) group.codes.push(explained.code);
  group.files.push({
    file: entry.file,
    id: entry.id ?? null,
    origin: entry.origin,
    checkedAt: entry.checkedAt ?? null,
  });
}

type Row = Record<string, unknown> & { source?: string; checked?: string };

/** What the present table says of the rule. A ledger may come from anybody: only built-in tables are looked up. */
async function rowOf(
  entry: LedgerEntry,
  rule: string,
): Promise<Pick<DriftRow, "limit" | "source" | "checked">> {
  const none = { limit: null, source: null, checked: null };
  if (entry.rules === undefined || !Object.hasOwn(builtInTables, entry.rules)) return none;
  const table = (await builtInTables[entry.rules]?.()) as Table;
  const rows = (table.types[entry.type] ?? {}) as Partial<Record<Property, Row>>;
  const property = (Object.keys(rows) as Property[]).find((name) => ruleName(name) === rule);
  const row = property && rows[property];
  if (!row) return { ...none, source: table.source, checked: table.checked };
  const {
    source = table.source,
    checked = table.checked,
    confidence: _,
    observed: __,
    alsoDocumented: ___,
    ...limit
  } = row;
  return { limit, source, checked };
}

function textOf(found: readonly Drift[]): string {
  if (found.length === 0) return "no drift: the service refused nothing that a rule should have caught\n";
  return found
    .flatMap(linesOf)
    .map((line) => `${escapeControls(line)}\n`)
    .join("");
}

function linesOf({ rule, date, codes, row, files }: Drift): string[] {
  const { id: table, version, limit, source, checked } = row;
  const bounds = limit === null ? "no row of the table" : boundsText(limit);
  return [
    `${rule}  ${date}  ${formatCount(files.length, "file")} passed here; the service answered ${codes.join(", ")}`,
    `  review ${table}${version === null ? "" : ` (${version})`}: ${bounds}`,
    ...(source === null ? [] : [`  ${source}, read ${checked}`]),
    ...files.map(({ file, id }) => `  - ${file ?? "(no name)"}${id === null ? "" : `, asset ${id}`}`),
  ];
}
