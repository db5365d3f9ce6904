import type { Flag, Flags } from "./parse.ts";

/** Every command has it. */
export const help: Flag = { kind: "switch", short: "h", help: "this text" };

/** How a file is judged. */
export const judging = {
  type: {
    kind: "value",
    value: "TYPE",
    choices: ["image", "video", "audio"],
    help: "what the file is meant as; left out, what its bytes say",
  },
  rules: {
    kind: "value",
    value: "TABLE",
    help: "a rule table: an id (media-preflight rules list) or a JSON file; default atlas-seedance-2.0",
  },
  limits: {
    kind: "value",
    value: "COLUMN",
    choices: ["documented", "observed"],
    help: "the limits as documented (default) or as the service was last seen to apply them",
  },
  strict: { kind: "switch", help: "let no observation settle a doubtful reading: it is unsure" },
  "accept-unsure": {
    kind: "optional-value",
    value: "RULE,…",
    help: "let through what is unsure because readings differ, all of it or the rules named",
  },
  crossCheck: {
    kind: "value",
    value: "WHEN",
    choices: ["auto", "always", "never"],
    help: "second opinion of a full parser: auto where the headers are odd",
  },
  "allow-private": { kind: "switch", help: "let URLs lead to private and loopback addresses" },
} as const satisfies Flags;

/** Which files, beside those named. */
export const listing = {
  "files-from": { kind: "values", value: "FILE", help: "read paths from FILE, one a line; - is stdin" },
  null: { kind: "switch", short: "0", help: "paths in --files-from end with NUL, not newline" },
  jobs: { kind: "value", value: "N", short: "j", help: "how many files at a time" },
} as const satisfies Flags;

/** How reports are shown. */
export const showing = {
  format: {
    kind: "value",
    value: "FORMAT",
    choices: ["text", "json", "ndjson", "junit", "sarif", "github"],
    help: "how to report; default text",
  },
  locale: {
    kind: "value",
    value: "LOCALE",
    choices: ["en", "zh-CN"],
    help: "language of messages; default en",
  },
  quiet: { kind: "switch", short: "q", help: "say only what did not pass" },
  verbose: { kind: "switch", short: "v", help: "say every rule that was judged" },
} as const satisfies Flags;

/** Which configuration. */
export const configured = {
  config: { kind: "value", value: "FILE", help: "this configuration file, not the one found" },
  "no-config": { kind: "switch", help: "use no configuration file" },
} as const satisfies Flags;

/** Whose assets. */
export const service = {
  account: { kind: "value", value: "LABEL", help: "whose assets the lock file speaks of; default default" },
} as const satisfies Flags;

/** Notes on the environment, for commands that ask the service. */
export const env = [
  "ATLASCLOUD_API_KEY holds the key; it is never an argument.",
  "ATLASCLOUD_API_BASE_URL and ATLASCLOUD_CONSOLE_BASE_URL point at another server.",
] as const;
