import { fileLedger, ledgerFile } from "../../../ledger/file/file-ledger.node.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import { hasPassword, openLedger } from "../../../ledger/open-ledger.node.ts";
import { type Parsed, usage } from "../../args/parse.ts";
import { repositoryRoot } from "../../config/find.ts";
import { containedPath } from "../../files/contained-path.ts";

/**
 * The ledger of a run: the flag's, the environment's, or the usual file in the current folder. That one may have come
 * with a repository: then it lies in it, with all links resolved.
 * @throws MediaPreflightError `ledger-invalid`, `usage`
 */
export function ledgerOf(args: Parsed, env: Readonly<Record<string, string | undefined>>): Ledger {
  const named = ledgerPlace(args, env);
  if (named) return openLedger(named);
  const cwd = process.cwd();
  containedPath(ledgerFile, repositoryRoot(cwd) ?? cwd, "the ledger", "ledger-invalid");
  return fileLedger(ledgerFile);
}

/** Reads one entry: a ledger that cannot be used is one error, before anything is checked or sent. */
export async function requireUsable(ledger: Ledger): Promise<void> {
  try {
    for await (const _ of ledger.entries({ pageSize: 1 })) break;
  } catch (error) {
    await ledger.close().catch(() => {});
    throw error;
  }
}

/**
 * The ledger that the flag or the environment names: a file or postgres://….
 * @throws MediaPreflightError `usage` for a password in an argument
 */
export function ledgerPlace(
  args: Parsed,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const named = args.values.ledger;
  if (named !== undefined) refusePassword(named);
  return named || env.MEDIA_PREFLIGHT_LEDGER || undefined;
}

/** Every user of the machine can see arguments. @throws MediaPreflightError `usage` */
export function refusePassword(place: string): void {
  if (hasPassword(place))
    throw usage(
      "a database URL with a password is not accepted as an argument: set MEDIA_PREFLIGHT_LEDGER or PGPASSWORD",
      "push",
    );
}
