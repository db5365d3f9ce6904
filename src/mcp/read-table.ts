import { readRegularFile } from "../bytes/open-file.node.ts";
import { isTablePath } from "../cli/config/policy.ts";
import { MediaPreflightError } from "../errors.ts";
import { loadTable } from "../rules/load.ts";
import type { Table } from "../rules/schema.ts";
import { withAllowedFile } from "./allowed-file.ts";

const maxTableBytes = 4 * 1024 * 1024;

/**
 * The rule table that an agent named, by id or by a path in an allowed folder; undefined if it named none. A file is
 * read again for each call.
 * @throws MediaPreflightError `bad-table`, `path-refused`, `not-found`, `unreadable`, `usage`
 */
export async function readTable(
  rules: string | undefined,
  folders: readonly string[],
): Promise<Table | undefined> {
  if (rules === undefined) return undefined;
  if (!isTablePath(rules)) return await loadTable(rules);
  const text = await withAllowedFile(rules, folders, async ({ path }) =>
    readRegularFile(path, { maxBytes: maxTableBytes }).toString("utf8"),
  );
  try {
    return await loadTable(Object(JSON.parse(text)));
  } catch (cause) {
    // A parser quotes what it reads: a file that is no table may be private.
    const why = cause instanceof SyntaxError ? "it is not JSON" : (cause as Error).message;
    throw new MediaPreflightError("bad-table", why, { path: rules, cause });
  }
}
