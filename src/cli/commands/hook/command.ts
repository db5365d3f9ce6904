import type { Command } from "../../args/command.ts";
import { helpFlag } from "../../args/shared-flags.ts";

export const hook: Command = {
  summary: "install or remove the git hook",
  usage: "install | uninstall",
  flags: { help: helpFlag },
  examples: [
    ["media-preflight hook install", "check media before every commit; does not replace an existing hook"],
  ],
  load: () => import("./run.ts"),
};
