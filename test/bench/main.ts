/**
 * Speed, beside other tools, in one run: npm run bench [-- --rounds 30 --files 10000 --only files|folder|start]
 *
 * It makes its files in .tmp/bench, checks that the facts are right, then measures: a warm verdict of each file, the
 * floor (open, fstat, read the same bytes, close, through the same calls), and other tools asked for the same facts.
 * `--markdown` prints the table alone, `--update` writes it into .github/CONTRIBUTING.md. Build first: the folder and the cold start
 * are of dist/cli.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { preflight } from "../../src/index.ts";
import { measureFolder } from "./folder.ts";
import { measureFiles } from "./rows.ts";
import { measureStaged, measureStart } from "./start.ts";
import { markdown, type Results } from "./table.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "40" },
    files: { type: "string", default: "10000" },
    only: { type: "string", default: "files,folder,start,staged,memory" },
    markdown: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
  },
});
const parts = new Set(values.only.split(","));
const rounds = Number(values.rounds);
const files = Number(values.files);
const folder = ".tmp/bench";
const contributing = ".github/CONTRIBUTING.md";
if (!existsSync("dist/cli/media-preflight.js"))
  throw new Error("npm run build first: the command is measured too");

const results: Results = {
  rows: [],
  folder: [],
  files,
  start: null,
  staged: null,
  memory: null,
  missing: [],
};
if (parts.has("files")) Object.assign(results, await measureFiles(folder, rounds));
if (parts.has("memory")) results.memory = await resident();
if (parts.has("folder")) results.folder = await measureFolder(join(folder, `mixed-${files}`), files, 5);
if (parts.has("start")) results.start = await measureStart(25);
if (parts.has("staged")) results.staged = await measureStaged(join(folder, "staged"), 25);

const said = markdown(results);
console.log(said);
if (values.update) updatePage(said);
if (!values.markdown) for (const line of goals(results)) console.log(line);
process.exit(0);

function updatePage(text: string): void {
  const page = readFileSync(contributing, "utf8");
  const parts = /(<!-- bench:[^>]*-->\n)[\s\S]*(<!-- \/bench -->)/;
  if (!parts.test(page)) throw new Error(`${contributing} has no place for the table`);
  writeFileSync(
    contributing,
    page.replace(parts, (_, start: string, end: string) => `${start}\n${text}\n\n${end}`),
  );
}

/** The goals that this run could evaluate, and whether each was met. */
function goals({ rows, folder: ways, start, staged }: Results): string[] {
  const said: string[] = [""];
  const evaluate = (what: string, value: number, most: number, least = false): void => {
    const met = least ? value >= most : value <= most;
    said.push(
      `${met ? "met " : "NOT MET"}  ${what}: ${value.toFixed(1)} (goal: at ${least ? "least" : "most"} ${most})`,
    );
  };
  for (const row of rows) {
    evaluate(`${row.about}, × floor`, row.own / row.floor, /no Xing/.test(row.about) ? 8 : 3);
    if (!row.about.startsWith("MP4")) continue;
    for (const [name, least] of [
      ["ffprobe", 200],
      ["mediainfo.js", 20],
    ] as const) {
      const peer = row.peers.find((p) => p.name === name);
      if (peer) evaluate(`${row.about}, ${name} ÷ own`, peer.milliseconds / row.own, least, true);
    }
  }
  const time = (name: string): number =>
    ways.find((way) => way.name.startsWith(name))?.milliseconds ?? Number.NaN;
  if (ways.length > 0) {
    evaluate("folder, × floor", time("media-preflight") / time("floor"), 3);
    for (const name of ["exiftool", "mediainfo"])
      evaluate(`folder, ${name} ÷ own`, time(name) / time("media-preflight"), 10, true);
  }
  if (start && start.ffprobe !== null) evaluate("check of one MP4, × ffprobe", start.clip / start.ffprobe, 1);
  if (staged) evaluate("check --staged, ms more than git diff", staged.check - staged.diff, 400);
  return said;
}

/** Resident megabytes after 1,000 and after 20,000 verdicts. */
async function resident(): Promise<[number, number]> {
  const some = [
    "video/rate-23.976.mp4",
    "image/jpeg-640x480.jpg",
    "audio/mp3-stereo-3s.mp3",
    "image/heic-rotated-480x640.heic",
  ];
  const after = async (count: number): Promise<number> => {
    for (let i = 0; i < count; i++)
      await preflight(`fixtures/${some[i % some.length]}`, { crossCheck: "never" });
    globalThis.gc?.();
    return process.memoryUsage().rss / 1e6;
  };
  return [await after(1000), await after(19_000)];
}
