import type { Command } from "../../args/command.ts";
import { help, showing } from "../../args/shared-flags.ts";

export const rules: Command = {
  summary: "list, show and validate rule tables",
  usage: "list | show TABLE | check FILE",
  flags: { format: { ...showing.format, choices: ["text", "json"] }, help },
  examples: [
    ["media-preflight rules show atlas-seedance-2.0", "every limit, with its source and date"],
    ["media-preflight rules check my-table.json", "validate your own table"],
  ],
  load: () => import("./run.ts"),
};
