import type { Command } from "../../args/command.ts";
import { checkFlags, helpFlag } from "../../args/shared-flags.ts";

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
    bucket: {
      kind: "value",
      value: "NAME",
      help: "also serve an S3 bucket of this name, which verifies signatures made with the test credentials that are printed",
    },
    "bucket-port": { kind: "value", value: "N", help: "port of the bucket, if not the next one" },
    "bucket-cors": {
      kind: "value",
      value: "ORIGIN,…",
      help: "origins of pages that may put into the bucket; default: none",
    },
    key: {
      kind: "value",
      value: "KEY",
      help: "the only key that this emulator accepts, any text; default: all keys. Never use the key of your account",
    },
    store: { kind: "value", value: "DIR", help: "keep uploads and assets in DIR" },
    rules: { ...checkFlags.rules, help: "rule table that registered media are checked against" },
    limits: { ...checkFlags.limits, help: "limits that registered media are checked against" },
    "allow-fetch": { kind: "switch", help: "fetch registered URLs from other hosts too" },
    quiet: { kind: "switch", short: "q", help: "do not log requests" },
    help: helpFlag,
  },
  moreFlagsAbout: `How the service answers, and faults. N|CHANCE: a whole number is how many requests are affected, from the
first on; a fraction below 1 is the chance that a request is affected; "always" is every request.
A,B is a list separated by commas.`,
  moreFlags: async () => (await import("./run.ts")).toggleFlags,
  examples: [
    ["media-preflight emulator", "print two lines for the shell in which you run push; serve until Ctrl-C"],
    [
      "media-preflight emulator --bucket media",
      "an S3 bucket beside the service; prints its AWS_… variables",
    ],
    ["media-preflight emulator --key test --processing-ms 2000", "one key, and assets that take 2 s"],
  ],
  load: () => import("./run.ts"),
};
