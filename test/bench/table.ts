import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import type { FolderRow } from "./folder.ts";
import type { Row } from "./rows.ts";
import type { Staged, Start } from "./start.ts";

/** The results of one run of the benchmark. */
export interface Results {
  rows: Row[];
  folder: FolderRow[];
  files: number;
  start: Start | null;
  staged: Staged | null;
  /** Resident megabytes after 1,000 and after 20,000 verdicts in one process. */
  memory: [number, number] | null;
  missing: string[];
}

/** The tools against which a multiple is shown, in the order of the columns. */
const columns = [
  "ffprobe",
  "mediainfo",
  "exiftool",
  "mediainfo.js",
  "mediabunny",
  "image-size",
  "music-metadata",
];

/** The results in Markdown, as .github/CONTRIBUTING.md has them. */
export function markdown(results: Results): string {
  return [perFile(results.rows), perFolder(results), notes(results)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function perFile(rows: readonly Row[]): string {
  if (rows.length === 0) return "";
  const used = columns.filter((name) => rows.some((row) => row.peers.some((peer) => peer.name === name)));
  const head = ["File", "Read", "Verdict", "× floor", ...used.map((name) => `${name} ÷`)];
  const lines = rows.map((row) => [
    row.about,
    size(row.bytesRead),
    duration(row.own),
    (row.own / row.floor).toFixed(1),
    ...used.map((name) => {
      const peer = row.peers.find((p) => p.name === name);
      if (!peer || Number.isNaN(peer.milliseconds)) return peer ? "failed" : "–";
      return `${figure(peer.milliseconds / row.own)}${peer.wrong.length > 0 ? " *" : ""}`;
    }),
  ]);
  return table(head, lines);
}

function perFolder({ folder, files }: Results): string {
  const own = folder.find(({ name }) => name.startsWith("media-preflight"));
  if (!own) return "";
  const head = [
    `${files.toLocaleString("en")} small files, one process`,
    "Time",
    "÷ media-preflight",
    "Peak memory",
  ];
  return table(
    head,
    folder.map(({ name, milliseconds, megabytes }) => [
      name,
      duration(milliseconds),
      figure(milliseconds / own.milliseconds),
      megabytes === null ? "–" : `${Math.round(megabytes)} MB`,
    ]),
  );
}

function notes({ start, staged, memory, missing, rows }: Results): string {
  const lines: string[] = [];
  if (rows.some((row) => row.peers.some((peer) => peer.wrong.length > 0)))
    lines.push("\\* it leaves out, or states otherwise, one of the facts asked for.");
  if (start) {
    const { node, check, clip, ffprobe } = start;
    const peer =
      ffprobe === null ? "" : `; of one MP4 ${duration(clip)}, where ffprobe takes ${duration(ffprobe)}`;
    lines.push(
      `\`check\` of one file, from a cold start: ${duration(check)}, ${(check / node).toFixed(2)} × \`node -e 0\` (${duration(node)})${peer}.`,
    );
  }
  if (staged)
    lines.push(
      `\`check --staged\`, 40 of 2,000 files staged: ${duration(staged.check)}, ${(staged.check / (staged.diff + staged.node)).toFixed(2)} × \`git diff --cached\` (${duration(staged.diff)}) and \`node -e 0\` (${duration(staged.node)}) together.`,
    );
  if (memory)
    lines.push(
      `Memory: ${Math.round(memory[0])} MB resident after 1,000 verdicts, ${Math.round(memory[1])} MB after 20,000.`,
    );
  const cpu = cpus()[0]?.model.trim() ?? "unknown processor";
  lines.push(
    `${cpu}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}${load()}.`,
  );
  for (const what of missing) lines.push(`Not measured: ${what}.`);
  return lines.join("\n\n");
}

/** A note for a busy machine, where only the ratios are meaningful. */
function load(): string {
  if (process.platform !== "linux") return "";
  const busy = Number(execFileSync("cat", ["/proc/loadavg"], { encoding: "utf8" }).split(" ")[0]);
  return busy > cpus().length + 0.5 ? `, under load (${busy.toFixed(1)}): read the ratios only` : "";
}

const duration = (milliseconds: number): string =>
  milliseconds >= 1000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : milliseconds >= 10
      ? `${milliseconds.toFixed(0)} ms`
      : milliseconds >= 1
        ? `${milliseconds.toFixed(1)} ms`
        : `${milliseconds.toFixed(3)} ms`;
const size = (bytes: number): string =>
  bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1000).toFixed(1)} kB`;
const figure = (ratio: number): string =>
  ratio >= 10 ? Math.round(ratio).toLocaleString("en") : ratio.toFixed(1);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, i) => (i === 0 ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
