import { type FileLedger, fileLedger, ledgerFile } from "../../../ledger/file/file-ledger.node.ts";
import type { Parsed } from "../../args/parse.ts";
import { repositoryRoot } from "../../config/find.ts";
import { containedPath } from "../../files/contained-path.ts";

/**
 * The ledger of a run: the flag's, the environment's, or the usual file in the current folder. That one may have come
 * with a repository: then it lies in it, with all links resolved.
 * @throws MediaPreflightError `ledger-invalid`
 */
export function ledgerOf(args: Parsed, env: Readonly<Record<string, string | undefined>>): FileLedger {
  const named = args.values.ledger ?? env.MEDIA_PREFLIGHT_LEDGER;
  if (named) return fileLedger(named);
  const cwd = process.cwd();
  containedPath(ledgerFile, repositoryRoot(cwd) ?? cwd, "the ledger", "ledger-invalid");
  return fileLedger(ledgerFile);
}
