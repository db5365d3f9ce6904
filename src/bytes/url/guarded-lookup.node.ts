import { isIP, type LookupFunction } from "node:net";
import { checkAddress, type NotPublic } from "./address.ts";

/** Whether a connection may go to an address that is not public, for this reason. */
export type Allowed = (why: NotPublic) => boolean;

/** Thrown for a name that has an address that may not be connected to. */
export class NotPublicAddress extends Error {
  readonly why: NotPublic;
  constructor(why: NotPublic) {
    super("not a public address");
    this.why = why;
  }
}

/** Refuses a name as soon as one of its addresses is not public: any of them could be connected to. */
export function guardedLookup(lookup: LookupFunction, allowed: Allowed): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, options, (error, found, family) => {
      if (error) return callback(error, found, family);
      const addresses = typeof found === "string" ? [found] : found.map(({ address }) => address);
      const why = addresses.map(checkAddress).find((why) => why !== null && !allowed(why));
      callback(why ? new NotPublicAddress(why) : null, found, family);
    });
}

/** One address of a name, or the address itself. */
export function resolveName(hostname: string, lookup: LookupFunction): Promise<string> {
  const literal = hostname.replace(/^\[|\]$/g, "");
  if (isIP(literal)) return Promise.resolve(literal);
  return new Promise((done, fail) => {
    lookup(hostname, { all: true }, (error, found) => {
      const [first] = typeof found === "string" ? [found] : (found ?? []).map(({ address }) => address);
      if (error || first === undefined) fail(error ?? new Error("no address"));
      else done(first);
    });
  });
}
