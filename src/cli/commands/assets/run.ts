import { withoutSignatures } from "../../../atlas/assets/without-signatures.ts";
import { createAtlasClient } from "../../../atlas/client.node.ts";
import { type Asset, type AssetFilter, type AtlasClient, assetTypes } from "../../../atlas/types.ts";
import type { Kind } from "../../../facts/formats.ts";
import { escapeControls, escapeInJson } from "../../../report/escape.ts";
import { nearestWord } from "../../../validation/nearest-word.ts";
import type { Run } from "../../args/command.ts";
import { type Parsed, usage } from "../../args/parse.ts";
import { confirmed } from "../../io/confirm.ts";
import { statusLine } from "../../io/stderr-line.ts";
import type { Terminal } from "../../io/terminal.ts";
import { idsOf } from "./ids.ts";

const verbs = ["list", "get", "rename", "trash", "list-trash", "restore"] as const;
type Verb = (typeof verbs)[number];

export const run: Run = async (args, terminal) => {
  const [word, ...names] = args.positionals;
  const verb = verbOf(word);
  validateArgs(verb, names, args);
  const atlas = createAtlasClient();
  const ids = await idsOf(names, atlas, { inTrash: verb === "restore", signal: terminal.signal });
  const printer = assetPrinter(args, terminal);
  if (verb === "trash") {
    if (!(await trash(atlas, ids, args, terminal))) return 2;
  } else
    for await (const asset of assetsFor(verb, ids, atlas, args, terminal.signal))
      printer.asset(withoutSignatures(asset));
  printer.end();
  return 0;
};

/** @throws MediaPreflightError `usage` */
function verbOf(word: string | undefined): Verb {
  if (word === undefined) throw usage(`assets needs one of ${verbs.join(", ")}`, "assets");
  if (isVerb(word)) return word;
  const near = nearestWord(word, verbs);
  throw usage(`assets has no ${word}${near ? ` (did you mean ${near}?)` : ""}`, "assets");
}

/** The assets that a command shows. */
async function* assetsFor(
  verb: Exclude<Verb, "trash">,
  ids: readonly string[],
  atlas: AtlasClient,
  args: Parsed,
  signal: AbortSignal,
): AsyncGenerator<Asset> {
  if (verb === "list") yield* atlas.listAssets(filter(args, signal));
  else if (verb === "list-trash") yield* atlas.listTrash(filter(args, signal));
  else if (verb === "rename") yield await atlas.renameAsset(ids[0] ?? "", args.values.name ?? "", { signal });
  else
    for (const id of ids)
      yield verb === "get" ? await atlas.getAsset(id, { signal }) : await atlas.restoreAsset(id, { signal });
}

function isVerb(word: string): word is Verb {
  return (verbs as readonly string[]).includes(word);
}

/** Before any request. @throws MediaPreflightError `usage` */
function validateArgs(verb: Verb, ids: readonly string[], args: Parsed): void {
  const listing = verb === "list" || verb === "list-trash";
  if (listing && ids.length > 0) throw usage(`assets ${verb} takes no id`, "assets");
  if (!listing && ids.length === 0) throw usage(`assets ${verb} needs an asset's id`, "assets");
  if (verb === "rename" && (ids.length !== 1 || !args.values.name)) {
    throw usage("assets rename needs one id and --name NAME", "assets");
  }
}

async function trash(
  atlas: AtlasClient,
  ids: readonly string[],
  args: Parsed,
  terminal: Terminal,
): Promise<boolean> {
  if (ids.length > 1 && !args.switches.has("yes")) {
    if (!(await confirmed(`Trash ${ids.length} assets (${ids.join(", ")})?`, terminal))) {
      terminal.err(statusLine("nothing was trashed → --yes trashes more than one without asking"));
      return false;
    }
  }
  for (const id of ids) {
    await atlas.trashAsset(id, { signal: terminal.signal });
    terminal.err(statusLine(`moved to the trash → undo with media-preflight assets restore ${id}`, id));
  }
  return true;
}

function filter(args: Parsed, signal: AbortSignal): AssetFilter {
  return {
    type: args.values.type ? assetTypes[args.values.type as Kind] : undefined,
    status: args.values.status as AssetFilter["status"],
    signal,
  };
}

function assetPrinter(args: Parsed, terminal: Terminal): { asset(asset: Asset): void; end(): void } {
  const format = args.values.format ?? "text";
  const all: unknown[] = [];
  return {
    asset(asset) {
      if (format === "json") all.push(asset);
      else if (format === "ndjson") terminal.out(`${escapeInJson(JSON.stringify(asset))}\n`);
      else terminal.out(`${line(asset)}\n`);
    },
    end() {
      if (format === "json") terminal.out(`${escapeInJson(JSON.stringify(all, null, 2))}\n`);
    },
  };
}

function line(asset: Asset): string {
  const parts = [
    asset.id.padEnd(8),
    asset.status.padEnd(10),
    (asset.type ?? "").padEnd(5),
    asset.uri ?? "-",
    asset.name ?? "",
    asset.errorCode ? `${asset.errorCode}: ${asset.errorMessage ?? ""}` : "",
  ];
  return escapeControls(parts.join("  ").trimEnd());
}
