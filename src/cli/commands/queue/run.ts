import { isDatabase } from "../../../ledger/database-url.ts";
import type { Run } from "../../args/command.ts";
import { ledgerAddress } from "../../args/ledger.ts";
import { type Parsed, usage } from "../../args/parse.ts";
import { checkFlags } from "../../args/shared-flags.ts";
import type { Terminal } from "../../io/terminal.ts";
import { add } from "./add.ts";
import { status } from "./status.ts";
import { work } from "./work.ts";

const verbs = { add, work, status };

type Verb = keyof typeof verbs;
const checkFlagNames = Object.keys(checkFlags).filter((name) => name !== "type");
/** Flags that mean something to one verb only. */
const flagsOf: Readonly<Record<string, readonly string[]>> = {
  add: ["type", "account", "priority", "attempts", "files-from", "null"],
  work: [...["jobs", "until-empty", "drain", "deadline", "max-registrations-per-minute"], ...checkFlagNames],
};

export const run: Run = async (args, terminal) => {
  const [verb = "", ...names] = args.positionals;
  if (!Object.hasOwn(verbs, verb)) throw usage("queue needs add FILES, work or status", "queue");
  if (verb !== "add" && names.length > 0) throw usage(`queue ${verb} takes no argument ${names[0]}`, "queue");
  refuseFlagsOfOthers(verb as Verb, args);
  if (verb === "status" && args.values.storage !== undefined)
    throw usage("--storage belongs to queue add and queue work", "queue");
  const database = databaseOf(args, terminal);
  return verbs[verb as Verb](database, { ...args, positionals: names }, terminal);
};

/** A flag that would be ignored is an error. @throws MediaPreflightError `usage` */
function refuseFlagsOfOthers(verb: Verb, { values, switches, lists }: Parsed): void {
  const passed = [...Object.keys(values), ...switches, ...Object.keys(lists)];
  // Before a file is put into the bucket, it is checked.
  const usedByCheck = (name: string): boolean =>
    verb === "add" && values.storage !== undefined && checkFlagNames.includes(name);
  for (const [owner, flags] of Object.entries(flagsOf)) {
    const flag =
      owner === verb ? undefined : passed.find((name) => flags.includes(name) && !usedByCheck(name));
    if (flag !== undefined) throw usage(`--${flag} belongs to queue ${owner}, not to queue ${verb}`, "queue");
  }
}

/** @throws MediaPreflightError `usage` */
function databaseOf(args: Parsed, { env }: Terminal): string {
  const place = ledgerAddress(args, env);
  if (place !== undefined && isDatabase(place)) return place;
  throw usage("queue needs a database: set MEDIA_PREFLIGHT_LEDGER=postgres://user@host/database", "queue");
}
