import type { Command } from "../../args/command.ts";
import { helpFlag, outputFlags } from "../../args/shared-flags.ts";

export const rules: Command = {
  summary: "list, show and validate rule tables; find limits that the service has changed",
  usage: "list | show TABLE | check FILE | drift [LEDGER]…",
  flags: { format: { ...outputFlags.format, choices: ["text", "json"] }, help: helpFlag },
  examples: [
    ["media-preflight rules show atlas-seedance-2.0", "every limit, with its source and date"],
    ["media-preflight rules check my-table.json", "validate your own table"],
    [
      "media-preflight rules drift",
      "files that passed here and came back Failed with a code that a rule should have caught",
    ],
  ],
  notes: [
    "drift reads ledgers: those named, else push's (media-preflight.lock.json, or MEDIA_PREFLIGHT_LEDGER).",
    "Exit status of drift: 0 no file was found, 1 at least one was, 2 a ledger could not be read.",
  ],
  load: () => import("./run.ts"),
};
