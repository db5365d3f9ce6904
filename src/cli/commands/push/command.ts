import type { Command } from "../../args/command.ts";
import { configured, env, help, judging, listing, service, showing } from "../../args/shared-flags.ts";
import { fixChoices } from "../fix/choice-flags.ts";

export const push: Command = {
  summary: "check, upload, register and wait until Active; sends only what passes",
  usage: "[path|glob|url]…",
  flags: {
    ...judging,
    name: {
      kind: "value",
      value: "NAME",
      help: "name of the asset, at most 64 characters; for a single file",
    },
    fix: { kind: "switch", help: "send a fixed copy of each local file that fails and can be fixed" },
    ...fixChoices,
    "dry-run": { kind: "switch", help: "show what would be done; send nothing" },
    "no-wait": { kind: "switch", help: "stop once registered; do not wait until Active" },
    deadline: { kind: "value", value: "SECONDS", help: "how long to wait for each asset; default 300" },
    "max-errors": {
      kind: "value",
      value: "N",
      help: "stop after N files that could not be done or that the service rejected",
    },
    "limit-rate": {
      kind: "value",
      value: "RATE",
      help: "bytes per second of all uploads together, such as 500k or 2M",
    },
    "max-registrations-per-minute": {
      kind: "value",
      value: "N",
      help: "at most N registrations per minute, by all machines that share the ledger's database",
    },
    ledger: {
      kind: "value",
      value: "FILE|URL",
      help: "ledger file, or postgres://user@host/database; default media-preflight.lock.json",
    },
    again: {
      kind: "values",
      value: "WHAT",
      choices: ["gone", "failed", "unknown"],
      help: "register again what the ledger has as gone, failed or of unknown outcome (check the service first)",
    },
    ...service,
    ...listing,
    ...showing,
    quiet: { ...showing.quiet, help: "show one line per file" },
    ...configured,
    help,
  },
  examples: [
    ["media-preflight push sunset.mp4 --name sunset", "one file"],
    ["media-preflight push shots/ --jobs 4", "a folder; run it again to continue where it stopped"],
    ["media-preflight push shots/ --dry-run", "what would be sent, with bytes and requests"],
  ],
  notes: [
    ...env,
    "MEDIA_PREFLIGHT_LEDGER  ledger file, or postgres://… for several machines",
    "Completed steps are recorded in media-preflight.lock.json and will be skipped.",
  ],
  load: () => import("./run.ts"),
};
