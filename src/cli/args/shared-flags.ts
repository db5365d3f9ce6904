import { formatNames } from "../../report/formatters/formats.node.ts";
import type { Flag, Flags } from "./parse.ts";

/** Every command has it. */
export const helpFlag: Flag = { kind: "switch", short: "h", help: "show this help" };

/** How a file is checked. */
export const checkFlags = {
  type: {
    kind: "value",
    value: "TYPE",
    choices: ["image", "video", "audio"],
    help: "what the file is for; default: detected from its bytes",
  },
  rules: {
    kind: "value",
    value: "TABLE",
    help: "rule table: an id (see media-preflight rules list) or a JSON file; default atlas-seedance-2.0",
  },
  limits: {
    kind: "value",
    value: "WHICH",
    choices: ["documented", "observed"],
    help: "documented limits (default), or those that the service was last observed to apply",
  },
  strict: {
    kind: "switch",
    help: "treat ambiguous values as unsure, even where an observation of the service resolves them",
  },
  "accept-unsure": {
    kind: "optional-value",
    value: "RULE,…",
    help: "accept results that are unsure because readings differ: for all rules, or for those named",
  },
  "cross-check": {
    kind: "value",
    value: "WHEN",
    choices: ["auto", "always", "never"],
    help: "ask a second parser: auto (default) only where the headers are unusual",
  },
  "allow-private": { kind: "switch", help: "allow URLs on private and loopback addresses" },
} as const satisfies Flags;

/** Which files, besides those in arguments. */
export const inputFlags = {
  "files-from": { kind: "values", value: "FILE", help: "read paths from FILE, one per line; - is stdin" },
  null: { kind: "switch", short: "0", help: "paths in --files-from end with NUL, not with a newline" },
  jobs: { kind: "value", value: "N", short: "j", help: "how many files to process at a time" },
} as const satisfies Flags;

/** How reports are shown. */
export const outputFlags = {
  format: {
    kind: "value",
    value: "FORMAT",
    choices: formatNames,
    help: "output format; default text",
  },
  locale: {
    kind: "value",
    value: "LOCALE",
    choices: ["en", "zh-CN"],
    help: "language of messages; default en",
  },
  quiet: { kind: "switch", short: "q", help: "show only what did not pass" },
  verbose: { kind: "switch", short: "v", help: "show every rule that was evaluated" },
} as const satisfies Flags;

/** Which configuration. */
export const configFlags = {
  config: { kind: "value", value: "FILE", help: "use this configuration file" },
  "no-config": { kind: "switch", help: "use no configuration file" },
} as const satisfies Flags;

/** Which entries of the ledger. */
export const accountFlags = {
  account: {
    kind: "value",
    value: "LABEL",
    help: 'label that keeps the ledger entries of several accounts apart; default "default"',
  },
} as const satisfies Flags;

/** Environment variables, for commands that call the service. */
export const serviceEnv = [
  "ATLASCLOUD_API_KEY  the API key; it is never an argument",
  "ATLASCLOUD_API_BASE_URL, ATLASCLOUD_CONSOLE_BASE_URL  another server, such as an emulator",
] as const;
