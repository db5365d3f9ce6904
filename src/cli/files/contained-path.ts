import { realPathWithin } from "../../bytes/real-path.node.ts";
import { type ErrorCode, MediaPreflightError } from "../../errors.ts";

/*
 * A repository may come from anybody. What it names (a baseline, a rule table, the ledger, a link in a folder) may lead
 * nowhere outside it: it would be read, or overwritten, with the rights of the user who only wanted to check media.
 */

/**
 * The real path of something that a repository named.
 * @param what for the message: "the baseline"
 * @throws MediaPreflightError with `code`
 */
export function containedPath(
  path: string,
  root: string,
  what: string,
  code: ErrorCode = "bad-config",
): string {
  const real = realPathWithin(path, root);
  if (real !== null) return real;
  throw new MediaPreflightError(code, `${what} leads out of the repository: ${path}`, {
    hint: "a repository can only name files inside it, with all links resolved",
  });
}
