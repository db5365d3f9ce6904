import type { Command } from "../../args/command.ts";
import { helpFlag, serviceEnv } from "../../args/shared-flags.ts";

export const mcp: Command = {
  summary: "serve tools for an AI agent over stdio (Model Context Protocol)",
  usage: "",
  flags: {
    allow: {
      kind: "values",
      value: "DIR",
      help: "folder whose files the tools may read and write copies in; default: the current folder. Required in / and in a home directory",
    },
    help: helpFlag,
  },
  examples: [
    ["media-preflight mcp", "serve the files of the current folder"],
    ["media-preflight mcp --allow ~/Videos/shots", "serve the files of one folder, wherever it is started"],
  ],
  notes: [
    ...serviceEnv,
    "MEDIA_PREFLIGHT_LEDGER  ledger file, or postgres://…; default media-preflight.lock.json, as for push",
    "Tools: check_media, fix_media, register_asset, asset_status, explain. How to add it to a client: src/mcp/README.md.",
  ],
  load: () => import("./run.ts"),
};
