import type { Command } from "../../args/command.ts";
import { checkFlags, helpFlag, outputFlags, serviceEnv } from "../../args/shared-flags.ts";

export const assets: Command = {
  summary: "list, show, rename, trash and restore registered assets",
  usage: "list|get|rename|trash|list-trash|restore [ID|asset://…]…",
  flags: {
    type: { ...checkFlags.type, help: "only assets of this type" },
    status: {
      kind: "value",
      value: "STATUS",
      choices: ["processing", "active", "failed"],
      help: "only assets in this state",
    },
    name: { kind: "value", value: "NAME", help: "new name, for rename" },
    yes: { kind: "switch", short: "y", help: "trash more than one without asking" },
    format: { ...outputFlags.format, choices: ["text", "json", "ndjson"] },
    help: helpFlag,
  },
  examples: [
    ["media-preflight assets list --status failed", "assets that the service rejected"],
    [
      "media-preflight assets get asset://atlas-asset-0f19",
      "one asset, by its URI or by the id that list shows",
    ],
    ["media-preflight assets rename 1042 --name sunset", "rename an asset"],
    ["media-preflight assets trash 1042", "move an asset to the trash; undo with restore"],
  ],
  notes: serviceEnv,
  load: () => import("./run.ts"),
};
