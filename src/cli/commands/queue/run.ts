import { isDatabase } from "../../../ledger/open-ledger.node.ts";
import type { Run } from "../../args/command.ts";
import { type Parsed, usage } from "../../args/parse.ts";
import { judging } from "../../args/shared-flags.ts";
import type { Terminal } from "../../io/terminal.ts";
import { ledgerPlace } from "../push/ledger.ts";
import { add } from "./add.ts";
import { status } from "./status.ts";
import { work } from "./work.ts";

const verbs = { add, work, status };

type Verb = keyof typeof verbs;
const judgingFlags = Object.keys(judging).filter((name) => name !== "type");
/** Flags that mean something to one verb only. */
const flagsOf: Readonly<Record<string, readonly string[]>> = {
  add: ["type", "account", "priority", "attempts", "files-from", "null"],
  work: [...["jobs", "until-empty", "drain", "deadline", "max-registrations-per-minute"], ...judgingFlags],
};

export const run: Run = async (args, terminal) => {
  const [verb = "", ...names] = args.positionals;
  if (!Object.hasOwn(verbs, verb)) throw usage("queue needs add FILES, work or status", "queue");
  if (verb !== "add" && names.length > 0) throw usage(`queue ${verb} takes no argument ${names[0]}`, "queue");
  refuseFlagsOfOthers(verb as Verb, args);
  const database = databaseOf(args, terminal);
  return verbs[verb as Verb](database, { ...args, positionals: names }, terminal);
};

/** A flag that would be ignored is a mistake. @throws MediaPreflightError `usage` */
function refuseFlagsOfOthers(verb: Verb, { values, switches, lists }: Parsed): void {
  const given = [...Object.keys(values), ...switches, ...Object.keys(lists)];
  for (const [owner, flags] of Object.entries(flagsOf)) {
    const flag = owner === verb ? undefined : given.find((name) => flags.includes(name));
    if (flag !== undefined) throw usage(`--${flag} belongs to queue ${owner}, not to queue ${verb}`, "queue");
  }
}

/** @throws MediaPreflightError `usage` */
function databaseOf(args: Parsed, { env }: Terminal): string {
  const place = ledgerPlace(args, env);
  if (place !== undefined && isDatabase(place)) return place;
  throw usage("queue needs a database: set MEDIA_PREFLIGHT_LEDGER=postgres://user@host/database", "queue");
}
