import type { Command } from "../../args/command.ts";
import { accountFlags, checkFlags, helpFlag, inputFlags, serviceEnv } from "../../args/shared-flags.ts";
import { storageEnv, storageFlags } from "../../args/storage.ts";

export const queue: Command = {
  summary: "push by many machines: queue files, work on the queue, see what it holds",
  usage: "add [path|glob|url]… | work | status",
  flags: {
    ledger: {
      kind: "value",
      value: "URL",
      help: "postgres://user@host/database, without a password; default: MEDIA_PREFLIGHT_LEDGER",
    },
    "shared-root": {
      kind: "value",
      value: "DIR",
      help: "folder that all workers can read; local files lie below it, wherever each machine has it",
    },
    ...storageFlags,
    storage: {
      ...storageFlags.storage,
      help: "your own bucket, the same for all workers: add checks local files and puts those that pass there",
    },
    ...inputFlags,
    jobs: { ...inputFlags.jobs, help: "work: how many files to process at a time; default 4" },
    priority: { kind: "value", value: "N", help: "add: higher ones are taken first, 0 to 1000; default 0" },
    attempts: {
      kind: "value",
      value: "N",
      help: "add: attempts at each file before it is a dead letter; default 6",
    },
    "until-empty": { kind: "switch", help: "work: end once no job waits or runs, on any machine" },
    drain: {
      kind: "value",
      value: "SECONDS",
      help: "work: how long running files may take after SIGTERM; default 60",
    },
    deadline: {
      kind: "value",
      value: "SECONDS",
      help: "work: how long to wait for each asset; default 300",
    },
    "max-registrations-per-minute": {
      kind: "value",
      value: "N",
      help: "work: at most N registrations per minute, by all machines that share the database",
    },
    ...checkFlags,
    ...accountFlags,
    format: {
      kind: "value",
      value: "FORMAT",
      choices: ["text", "ndjson"],
      help: "output format; default text",
    },
    help: helpFlag,
  },
  examples: [
    ["media-preflight queue add --shared-root /mnt/media /mnt/media/shots", "queue a folder"],
    [
      "media-preflight queue add --storage s3://my-bucket/media/ shots/",
      "queue a folder, through your own bucket",
    ],
    ["media-preflight queue work --shared-root /mnt/media --jobs 8", "work on it until SIGTERM"],
    ["media-preflight queue status", "what waits and runs, and why files failed"],
  ],
  notes: [
    ...serviceEnv,
    "MEDIA_PREFLIGHT_LEDGER  the database; PGPASSWORD or ~/.pgpass holds the password",
    ...storageEnv,
    "--type and --account are flags of add; --rules, --limits and the like are flags of work, and of add --storage.",
    "Needs the packages pg-boss and pg.",
  ],
  load: () => import("./run.ts"),
};
