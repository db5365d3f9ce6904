import { existsSync } from "node:fs";
import { MediaPreflightError } from "../../../errors.ts";
import { copyEntries } from "../../../ledger/copy-entries.ts";
import { isDatabase } from "../../../ledger/database-url.ts";
import { fileLedger } from "../../../ledger/file/file-ledger.node.ts";
import { type PostgresLedger, postgresLedger } from "../../../ledger/postgres/postgres-ledger.node.ts";
import { formatCount } from "../../../report/units.ts";
import type { Run } from "../../args/command.ts";
import { ledgerAddress } from "../../args/ledger.ts";
import { type Parsed, usage } from "../../args/parse.ts";
import type { Terminal } from "../../io/terminal.ts";

export const run: Run = async (args, terminal) => {
  const [verb = "", file, extra] = args.positionals;
  const takesFile = verb === "import" || verb === "export";
  if (extra !== undefined || (verb !== "migrate" && !takesFile) || takesFile !== (file !== undefined))
    throw usage("ledger needs import FILE, export FILE or migrate", "ledger");
  const database = databaseOf(args, terminal);
  try {
    if (verb === "migrate") {
      await database.migrate();
      terminal.out(`the ledger's tables at ${database.address} are up to date\n`);
    } else if (verb === "import") await importFile(file as string, database, terminal);
    else await exportFile(file as string, database, terminal);
    return 0;
  } finally {
    await database.close();
  }
};

async function importFile(file: string, database: PostgresLedger, terminal: Terminal): Promise<void> {
  if (!existsSync(file)) throw new MediaPreflightError("not-found", "no such file", { path: file });
  const source = fileLedger(file);
  try {
    const { copied, skipped } = await copyEntries(source, database, terminal.signal);
    terminal.out(`imported ${entries(copied)}; the database had, or does not need, ${skipped}\n`);
  } finally {
    await source.close();
  }
}

async function exportFile(file: string, database: PostgresLedger, terminal: Terminal): Promise<void> {
  if (existsSync(file)) throw usage(`${file} exists: name a new file`, "ledger");
  const target = fileLedger(file);
  try {
    const { copied } = await copyEntries(database, target, terminal.signal);
    terminal.out(`exported ${entries(copied)}\n`);
  } finally {
    await target.close();
  }
}

const entries = (count: number): string => formatCount(count, "entry", "entries");

/** @throws MediaPreflightError `usage` */
function databaseOf(args: Parsed, { env }: Terminal): PostgresLedger {
  const place = ledgerAddress(args, env);
  if (place === undefined || !isDatabase(place))
    throw usage(
      "ledger needs a database: set MEDIA_PREFLIGHT_LEDGER=postgres://user@host/database",
      "ledger",
    );
  return postgresLedger(place);
}
