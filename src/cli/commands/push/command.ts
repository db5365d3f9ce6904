import type { Command } from "../../args/command.ts";
import {
  accountFlags,
  checkFlags,
  configFlags,
  helpFlag,
  inputFlags,
  outputFlags,
  serviceEnv,
} from "../../args/shared-flags.ts";
import { storageEnv, storageFlags } from "../../args/storage.ts";
import { fixChoices } from "../fix/choice-flags.ts";

export const push: Command = {
  summary: "check, upload, register and wait until Active; sends only what passes",
  usage: "[path|glob|url]…",
  flags: {
    ...checkFlags,
    name: {
      kind: "value",
      value: "NAME",
      help: "name of the asset, at most 64 characters; for a single file",
    },
    fix: { kind: "switch", help: "send a fixed copy of each local file that fails and can be fixed" },
    ...fixChoices,
    "dry-run": { kind: "switch", help: "show what would be done; send nothing" },
    watch: {
      kind: "value",
      value: "DIR",
      help: "push the files in a folder and those that are added to it, each once it is complete, until Ctrl-C",
    },
    "done-dir": { kind: "value", value: "DIR", help: "with --watch: move files that became Active there" },
    "failed-dir": {
      kind: "value",
      value: "DIR",
      help: "with --watch: move files that did not pass, or that the service rejected, there",
    },
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
    ...storageFlags,
    again: {
      kind: "values",
      value: "WHAT",
      choices: ["gone", "failed", "unknown"],
      help: "register again what the ledger has as gone, failed or of unknown outcome (check the service first)",
    },
    ...accountFlags,
    ...inputFlags,
    ...outputFlags,
    quiet: { ...outputFlags.quiet, help: "show one line per file" },
    ...configFlags,
    help: helpFlag,
  },
  examples: [
    ["media-preflight push sunset.mp4 --name sunset", "one file"],
    ["media-preflight push shots/ --jobs 4", "a folder; run it again to continue where it stopped"],
    ["media-preflight push shots/ --dry-run", "what would be sent, with bytes and requests"],
    ["media-preflight push shots/ --storage s3://my-bucket/media/", "through your own bucket"],
    ["media-preflight push --watch inbox/ --done-dir sent/ --failed-dir rejected/", "a watch folder"],
  ],
  notes: [
    ...serviceEnv,
    "MEDIA_PREFLIGHT_LEDGER  ledger file, or postgres://… for several machines",
    ...storageEnv,
    "Completed steps are recorded in media-preflight.lock.json and will be skipped.",
  ],
  load: () => import("./run.ts"),
};
