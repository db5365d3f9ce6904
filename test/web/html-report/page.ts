import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import sharp from "sharp";
import { preflight, type Report } from "../../../src/index.ts";
import { createFormatter } from "../../../src/report/formatters/formats.node.ts";
import type { FileResult } from "../../../src/report/formatters/formatter.ts";
import type { Thumbnail } from "../../../src/report/formatters/thumbnail.ts";
import { type Locale, loadMessages } from "../../../src/report/messages/locales.ts";

/* HTML reports of real fixtures, as `check --format html` writes them. */

const root = new URL("../../../fixtures/", import.meta.url).pathname;
const fixtures = globSync("{audio,damaged,image,refused,video}/*", { cwd: root })
  .filter((name) => !name.endsWith(".json"))
  .sort();

/** A report as a page shows it, with all findings. */
export function reportOn(name: string, locale: Locale = "en"): Promise<Report> {
  return preflight(readFileSync(root + name), { findings: "all", name: basename(name), locale });
}

export const unchecked: FileResult = {
  schemaVersion: 1,
  file: "gone.mp4",
  verdict: null,
  error: { code: "not-found", message: "no such file", hint: "check the spelling of gone.mp4" },
};

/** The page of some results, each with its thumbnail. */
export async function pageOf(
  results: readonly FileResult[],
  locale: Locale = "en",
  thumbnails: readonly (Thumbnail | null)[] = [],
): Promise<string> {
  const formatter = await createFormatter("html", {
    messages: await loadMessages(locale),
    version: "1.2.3",
    started: new Date("2026-11-29T10:00:00Z"),
  });
  const parts = results.map((result, i) => formatter.outcome(result, thumbnails[i] ?? null));
  return formatter.begin() + parts.join("") + formatter.end();
}

/** Reports on about 120 fixtures by locale, and the pictures of `largestThumbnails`: made once. */
const reportsIn = new Map<Locale, Promise<Report[]>>();
let noises: Promise<Thumbnail[]> | undefined;

/** Results on `n` files of every kind, under names of their own. */
export async function mixed(n: number, locale: Locale = "en"): Promise<FileResult[]> {
  const step = Math.max(1, Math.floor(fixtures.length / 120));
  const chosen = fixtures.filter((_, i) => i % step === 0);
  const made = reportsIn.get(locale) ?? Promise.all(chosen.map((name) => reportOn(name, locale)));
  reportsIn.set(locale, made);
  const reports = await made;
  return Array.from({ length: n }, (_, i) => {
    if (i === 17) return unchecked;
    const report = reports[i % reports.length] as Report;
    return { ...report, file: `shots/scene ${Math.floor(i / 40)}/${i}-${report.file}` };
  });
}

/** Pictures of noise, each as large as the command line lets a thumbnail be. */
export async function largestThumbnails(n: number): Promise<Thumbnail[]> {
  noises ??= Promise.all([noise(6_000), noise(1_900)]);
  const made = await noises;
  return Array.from({ length: n }, (_, i) => made[i < 180 ? 0 : 1] as Thumbnail);
}

async function noise(mostBytes: number): Promise<Thumbnail> {
  for (let width = 256; ; width -= 8) {
    const height = Math.round((width * 3) / 4);
    const image = sharp({
      create: {
        width,
        height,
        channels: 3,
        background: "#888",
        noise: { type: "gaussian", mean: 128, sigma: 40 },
      },
    });
    const bytes = await image.webp({ quality: 30 }).toBuffer();
    if (bytes.byteLength <= mostBytes) return { format: "webp", bytes };
  }
}
