import { createAtlasClient } from "../../../atlas/client.node.ts";
import { type Asset, type AssetFilter, type AtlasClient, assetTypes } from "../../../atlas/types.ts";
import type { Kind } from "../../../facts/formats.ts";
import { escapeControls, escapeInJson } from "../../../report/escape.ts";
import { nearestWord } from "../../../validation/nearest-word.ts";
import type { Run } from "../../args/command.ts";
import { type Parsed, usage } from "../../args/parse.ts";
import { confirmed } from "../../io/confirm.ts";
import type { Terminal } from "../../io/terminal.ts";

const verbs = ["list", "get", "rename", "trash", "list-trash", "restore"] as const;
type Verb = (typeof verbs)[number];

export const run: Run = async (args, terminal) => {
  const [verb, ...ids] = args.positionals;
  if (verb === undefined) throw usage(`assets needs one of ${verbs.join(", ")}`, "assets");
  if (!isVerb(verb)) {
    const near = nearestWord(verb, verbs);
    throw usage(`assets has no ${verb}${near ? ` (did you mean ${near}?)` : ""}`, "assets");
  }
  validateArgs(verb, ids, args);
  const atlas = createAtlasClient();
  const show = shower(args, terminal);
  const { signal } = terminal;
  switch (verb) {
    case "list":
      for await (const asset of atlas.listAssets(filter(args, signal))) show.asset(asset);
      break;
    case "list-trash":
      for await (const asset of atlas.listTrash(filter(args, signal))) show.asset(asset);
      break;
    case "get":
      for (const id of ids) show.asset(await atlas.getAsset(id, { signal }));
      break;
    case "rename":
      show.asset(await atlas.renameAsset(ids[0] ?? "", args.values.name ?? "", { signal }));
      break;
    case "restore":
      for (const id of ids) show.asset(await atlas.restoreAsset(id, { signal }));
      break;
    case "trash":
      if (!(await trash(atlas, ids, args, terminal))) return 2;
  }
  show.end();
  return 0;
};

function isVerb(word: string): word is Verb {
  return (verbs as readonly string[]).includes(word);
}

/** Says what is missing before anything is asked of the service. */
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
      terminal.err("media-preflight: nothing was trashed; --yes trashes more than one without asking\n");
      return false;
    }
  }
  for (const id of ids) {
    await atlas.trashAsset(id, { signal: terminal.signal });
    terminal.err(
      `${escapeControls(id)} is in the trash; media-preflight assets restore ${escapeControls(id)} brings it back\n`,
    );
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

function shower(args: Parsed, terminal: Terminal): { asset(asset: Asset): void; end(): void } {
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
