import { MediaPreflightError } from "../errors.ts";

/** Whether a ledger's location is a database; otherwise it is a file. */
export function isDatabase(location: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(location);
}

/** Whether a database's URL contains a password, which must not be an argument: other users see arguments. */
export function hasPassword(location: string): boolean {
  if (!isDatabase(location) || !URL.canParse(location)) return false;
  const { password, searchParams } = new URL(location);
  return password !== "" || searchParams.has("password");
}

/**
 * @param what for messages: "a ledger"
 * @throws MediaPreflightError `usage`; the location is not repeated, it may contain a password
 */
export function requireDatabase(location: string, what: string): void {
  if (!isDatabase(location))
    throw new MediaPreflightError("usage", `${what}'s address begins with postgres://`, {
      hint: "for example postgres://worker@db.example/media",
    });
  // A user without a host is taken as one on this machine.
  if (!URL.canParse(location.replace("@/", "@localhost/")))
    throw new MediaPreflightError("usage", `${what}'s address is not a valid URL`, {
      hint: "percent-encode special characters, such as %23 for # in a password, or set PGPASSWORD",
    });
}
