import type { Command } from "../args/command.ts";
import { configured, env, help, judging, listing, service, showing } from "../args/shared-flags.ts";

// A row is made when it is asked for: a run asks for one.
const table = {
  get check(): Command {
    return {
      summary: "check files against the limits; nothing is sent",
      usage: "[path|glob|url|-]…",
      flags: {
        ...judging,
        staged: { kind: "switch", help: "check what git is about to commit, not the work tree" },
        ...listing,
        ...showing,
        ...configured,
        "print-config": { kind: "switch", help: "print the configuration in force and where it comes from" },
        baseline: { kind: "value", value: "FILE", help: "findings recorded in FILE do not count" },
        "write-baseline": { kind: "switch", help: "record today's findings in the baseline file" },
        help,
      },
      examples: [
        ["media-preflight check clip.mp4", "one file"],
        ["media-preflight check assets/ --format ndjson", "a folder, one JSON report a line"],
        ["media-preflight check --staged", "what the next commit holds: the git hook"],
        [
          "find . -name '*.mov' -print0 | media-preflight check --files-from - -0",
          "paths from another program",
        ],
        ["media-preflight check https://example.com/clip.mp4", "a public address, by ranges of it"],
      ],
      notes: ["Exit status: 0 all passed, 1 something did not, 2 something could not be checked."],
      load: () => import("./check.ts"),
    };
  },
  get push(): Command {
    return {
      summary: "check, upload, register and wait until Active; only what passes is sent",
      usage: "[path|glob|url]…",
      flags: {
        ...judging,
        name: {
          kind: "value",
          value: "NAME",
          help: "the asset's name, for a single file; at most 64 characters",
        },
        "dry-run": { kind: "switch", help: "say what would be done, send nothing" },
        "no-wait": { kind: "switch", help: "stop at registered, do not wait until Active" },
        deadline: { kind: "value", value: "SECONDS", help: "how long to wait for an asset; default 300" },
        ledger: { kind: "value", value: "FILE", help: "the lock file; default media-preflight.lock.json" },
        again: {
          kind: "values",
          value: "WHAT",
          choices: ["gone", "failed", "unknown"],
          help: "register anew what the lock file has as gone, failed, or of unknown outcome (look first)",
        },
        ...service,
        ...listing,
        ...showing,
        quiet: { ...showing.quiet, help: "a line a file: what it became" },
        ...configured,
        help,
      },
      examples: [
        ["media-preflight push sunset.mp4 --name sunset", "one file"],
        ["media-preflight push shots/ --jobs 4", "a folder; run it again to go on where it stopped"],
        ["media-preflight push shots/ --dry-run", "what would be sent"],
      ],
      notes: [...env, "Steps are recorded in media-preflight.lock.json: what was done is not done again."],
      load: () => import("./push.ts"),
    };
  },
  get inspect(): Command {
    return {
      summary: "what the headers say, with every reading; nothing is judged",
      usage: "FILE…",
      flags: {
        crossCheck: judging.crossCheck,
        "allow-private": judging["allow-private"],
        ...listing,
        format: { ...showing.format, choices: ["text", "json", "ndjson"] },
        help,
      },
      examples: [
        ["media-preflight inspect clip.mp4", "facts of one file"],
        ["media-preflight inspect clip.mp4 --cross-check always", "beside MediaInfo's opinion"],
      ],
      load: () => import("./inspect.ts"),
    };
  },
  get assets(): Command {
    return {
      summary: "list, look up, rename, trash and restore registered assets",
      usage: "list|get|rename|trash|list-trash|restore [ID…]",
      flags: {
        type: { ...judging.type, help: "only assets of this type" },
        status: {
          kind: "value",
          value: "STATUS",
          choices: ["processing", "active", "failed"],
          help: "only assets in this state",
        },
        name: { kind: "value", value: "NAME", help: "the new name, for rename" },
        yes: { kind: "switch", short: "y", help: "do not ask before trashing more than one" },
        format: { ...showing.format, choices: ["text", "json", "ndjson"] },
        help,
      },
      examples: [
        ["media-preflight assets list --status failed", "what did not make it"],
        ["media-preflight assets rename 1042 --name sunset", "another name"],
        ["media-preflight assets trash 1042", "to the trash; restore brings it back"],
      ],
      notes: env,
      load: () => import("./assets.ts"),
    };
  },
  get generate(): Command {
    return {
      summary: "generate a video from asset:// references, to its output URLs",
      usage: "--model MODEL [--prompt TEXT] [references]",
      flags: {
        model: { kind: "value", value: "MODEL", help: "the model's id" },
        prompt: { kind: "value", value: "TEXT", help: "what to show" },
        image: { kind: "value", value: "REF", help: "first frame: asset://… or an image URL" },
        "last-image": { kind: "value", value: "REF", help: "last frame: asset://… or an image URL" },
        "reference-image": { kind: "values", value: "REF", help: "a reference image; repeat for more" },
        "reference-video": {
          kind: "values",
          value: "ASSET",
          help: "a reference video, asset://…; repeat for more",
        },
        "reference-audio": {
          kind: "values",
          value: "ASSET",
          help: "a reference audio, asset://…; repeat for more",
        },
        duration: { kind: "value", value: "SECONDS", help: "length of the video; -1 lets the model choose" },
        resolution: { kind: "value", value: "TIER", help: "480p, 720p, …" },
        ratio: { kind: "value", value: "W:H", help: "16:9, 9:16, …" },
        seed: { kind: "value", value: "N", help: "a number to repeat a result" },
        "generate-audio": { kind: "switch", help: "with sound" },
        watermark: { kind: "switch", help: "with a watermark" },
        "return-last-frame": { kind: "switch", help: "the last frame too" },
        "body-style": {
          kind: "value",
          value: "STYLE",
          choices: ["flat", "input"],
          help: "where the fields go; default flat",
        },
        download: { kind: "value", value: "DIR", help: "save the outputs there" },
        "dry-run": { kind: "switch", help: "check the references, send nothing" },
        deadline: { kind: "value", value: "SECONDS", help: "how long to wait; default 1800" },
        format: { ...showing.format, choices: ["text", "json"] },
        help,
      },
      examples: [
        [
          'media-preflight generate --model seedance-2.0 --prompt "a calm sea" --reference-image asset://…',
          "one reference, to the output URL",
        ],
      ],
      notes: env,
      load: () => import("./generate.ts"),
    };
  },
  get explain(): Command {
    return {
      summary: "an upstream error code, an exit error or a rule id, in plain words",
      usage: "CODE…",
      flags: { format: { ...showing.format, choices: ["text", "json"] }, help },
      examples: [
        ["media-preflight explain PixelCountTooLarge", "what the service meant"],
        ["media-preflight explain video/frame-rate", "what a rule wants"],
      ],
      load: () => import("./explain.ts"),
    };
  },
  get rules(): Command {
    return {
      summary: "the rule tables, with their sources and dates",
      usage: "list | show TABLE | check FILE",
      flags: { format: { ...showing.format, choices: ["text", "json"] }, help },
      examples: [
        ["media-preflight rules show atlas-seedance-2.0", "every limit and where it comes from"],
        ["media-preflight rules check my-table.json", "whether a table of your own is sound"],
      ],
      load: () => import("./rules.ts"),
    };
  },
  get hook(): Command {
    return {
      summary: "install or remove the git hook",
      usage: "install | uninstall",
      flags: { help },
      examples: [
        ["media-preflight hook install", "check media before every commit; keeps a hook that is there"],
      ],
      load: () => import("./hook.ts"),
    };
  },
  get emulator(): Command {
    return {
      summary: "the service, on this machine",
      usage: "",
      flags: {
        port: {
          kind: "value",
          value: "N",
          help: "api port; the console's is the next one; default any free ones",
        },
        "console-port": { kind: "value", value: "N", help: "console port, if not the next one" },
        store: { kind: "value", value: "DIR", help: "keep uploads and assets there" },
        limits: { ...judging.limits, help: "the limits that registered media are judged by" },
        "allow-fetch": { kind: "switch", help: "fetch registered URLs from other hosts than itself" },
        quiet: { kind: "switch", short: "q", help: "do not log requests" },
        help,
      },
      moreFlags: async () => (await import("./emulator.ts")).toggleFlags,
      examples: [["media-preflight emulator", "prints its two base URLs and serves until Ctrl-C"]],
      load: () => import("./emulator.ts"),
    };
  },
};

export type CommandName = keyof typeof table;

/** Every command of the command line: parsing, help and the documentation read this table. */
export const commands: Readonly<Record<CommandName, Command>> = table;
