import { throwIfAborted } from "../../errors.ts";
import { hasPassword } from "../../ledger/database-url.ts";
import { fileLedger, ledgerFile } from "../../ledger/file/file-ledger.node.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { openLedger } from "../../ledger/open-ledger.node.ts";
import { containedPath } from "../files/contained-path.ts";
import { repositoryRoot } from "../git/repository-root.ts";
import { type Parsed, usage } from "./parse.ts";

/**
 * The ledger of a run: the flag's, the environment's, or the usual file in the current folder. The usual file may be part
 * of a repository: then its real path must be inside it.
 * @throws MediaPreflightError `ledger-invalid`, `usage`
 */
export function ledgerOf(args: Parsed, env: Readonly<Record<string, string | undefined>>): Ledger {
  const named = ledgerAddress(args, env);
  if (named) return openLedger(named);
  const cwd = process.cwd();
  containedPath(ledgerFile, repositoryRoot(cwd) ?? cwd, "the ledger", "ledger-invalid");
  return fileLedger(ledgerFile);
}

/**
 * Reads one entry: a ledger that cannot be used is one error, before anything is checked or sent. The signal ends the wait for
 * a database.
 */
export async function requireUsable(ledger: Ledger, signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  const stop = (): void => void ledger.close().catch(() => {});
  signal?.addEventListener("abort", stop, { once: true });
  try {
    for await (const _ of ledger.entries({ pageSize: 1 })) break;
  } catch (error) {
    await ledger.close().catch(() => {});
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/**
 * The ledger that the flag or the environment names: a file or postgres://….
 * @throws MediaPreflightError `usage` for a password in an argument
 */
export function ledgerAddress(
  args: Parsed,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const named = args.values.ledger;
  if (named !== undefined) refusePassword(named);
  return named || env.MEDIA_PREFLIGHT_LEDGER || undefined;
}

/** Every user of the machine can see arguments. @throws MediaPreflightError `usage` */
export function refusePassword(address: string): void {
  if (hasPassword(address))
    throw usage(
      "a database URL with a password is not accepted as an argument: set MEDIA_PREFLIGHT_LEDGER or PGPASSWORD",
      "push",
    );
}
