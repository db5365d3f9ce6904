import type { Command } from "../../args/command.ts";
import { helpFlag } from "../../args/shared-flags.ts";

export const ledger: Command = {
  summary: "move a ledger file into a database and back, and prepare the database",
  usage: "import FILE | export FILE | migrate",
  flags: {
    ledger: {
      kind: "value",
      value: "URL",
      help: "postgres://user@host/database, without a password; default: MEDIA_PREFLIGHT_LEDGER",
    },
    help: helpFlag,
  },
  examples: [
    ["media-preflight ledger migrate", "make the tables, or bring them to this release's version"],
    [
      "media-preflight ledger import media-preflight.lock.json",
      "entries that the database has already are kept",
    ],
    ["media-preflight ledger export copy.lock.json", "write all entries to a new ledger file"],
  ],
  notes: [
    "MEDIA_PREFLIGHT_LEDGER  the database; PGPASSWORD or ~/.pgpass holds the password",
    "import trusts the file: its author decides which asset each entry names",
  ],
  load: () => import("./run.ts"),
};
