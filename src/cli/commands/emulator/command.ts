import type { Command } from "../../args/command.ts";
import { help, judging } from "../../args/shared-flags.ts";

export const emulator: Command = {
  summary: "run an emulator of the service on this machine",
  usage: "",
  flags: {
    port: {
      kind: "value",
      value: "N",
      help: "port of the API; the console uses the next one; default: free ports",
    },
    "console-port": { kind: "value", value: "N", help: "port of the console, if not the next one" },
    key: {
      kind: "value",
      value: "KEY",
      help: "the only key that this emulator accepts, a word of your own; default: any. Never the key of your account",
    },
    store: { kind: "value", value: "DIR", help: "keep uploads and assets in DIR" },
    limits: { ...judging.limits, help: "limits that registered media are checked against" },
    "allow-fetch": { kind: "switch", help: "fetch registered URLs from other hosts too" },
    quiet: { kind: "switch", short: "q", help: "do not log requests" },
    help,
  },
  moreFlags: async () => (await import("./run.ts")).toggleFlags,
  examples: [
    ["media-preflight emulator", "print its two base URLs and serve until Ctrl-C"],
    ["media-preflight emulator --key test --processing-ms 2000", "one key, and assets that take 2 s"],
  ],
  load: () => import("./run.ts"),
};
