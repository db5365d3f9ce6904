import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { onNode } from "../preflight/preflight.node.ts";
import { judging, judgingStrictly } from "./judging.ts";
import type { FixOptions, FixResult } from "./options.ts";
import { planFix } from "./plan.ts";

/*
 * What was fixed before, so that a command that was stopped continues: one small file for each original and set of
 * choices in the user's state folder. A copy counts only while it and its original are as they were.
 */

interface Entry {
  original: string;
  /** The copy's name in its folder. */
  name: string;
  copy: string;
}

type Fix = (path: string, options: FixOptions) => Promise<FixResult>;

/** `fix` that takes up what an earlier run finished with the same choices. */
export function journal(fix: Fix, folder: string = stateFolder()): Fix {
  return async (path, options) => {
    const file = join(folder, `${keyOf(path, options)}.json`);
    const known = await recall(file, path, options);
    if (known) return known;
    const result = await fix(path, options);
    if (result.outcome === "fixed" && result.output) await remember(file, path, result.output);
    return result;
  };
}

function stateFolder(): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  return join(
    XDG_STATE_HOME || LOCALAPPDATA || join(homedir(), ".local", "state"),
    "media-preflight",
    "fixed",
  );
}

/** All that decides what the copy is. */
function keyOf(path: string, options: FixOptions): string {
  const { signal, onProgress, deadline, budgets, crossCheckOptions, locale, ...deciding } = options;
  const text = JSON.stringify([resolve(path), deciding, options.out ? resolve(options.out) : null]);
  return createHash("sha256").update(text).digest("hex").slice(0, 40);
}

async function recall(file: string, path: string, options: FixOptions): Promise<FixResult | null> {
  try {
    const { original, name, copy } = JSON.parse(await readFile(file, "utf8")) as Entry;
    const output = join(options.out ?? dirname(path), name);
    if (original !== (await identity(path)) || copy !== (await identity(output))) return null;
    const report = await onNode.preflight(path, judging(options));
    const checked = await onNode.preflight(output, judgingStrictly(options));
    if (checked.verdict !== "pass") return null;
    const plan = planFix(report, options);
    return { file: path, outcome: "fixed", output, plan, report: checked, reason: null };
  } catch {
    return null; // none, unreadable, or a file is gone: it is fixed again
  }
}

async function remember(file: string, path: string, output: string): Promise<void> {
  try {
    const entry: Entry = {
      original: await identity(path),
      name: basename(output),
      copy: await identity(output),
    };
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, JSON.stringify(entry), { mode: 0o600 });
    await rename(draft, file);
  } catch {
    // Without a state folder a later run fixes it again: nothing is lost.
  }
}

async function identity(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs].join(" ");
}
