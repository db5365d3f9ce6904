import { shellQuoted, shownPath } from "../../../engines/ffmpeg/arguments.ts";
import { demuxers } from "../../../engines/ffmpeg/demuxers.ts";
import { type Format, formats } from "../../../facts/formats.ts";
import { extensionFor, fixedName } from "../../../fix/plan/command.ts";
import { limitsOf } from "../../../fix/plan/limits.ts";
import type { Report } from "../../../report/report.ts";
import type { Table } from "../../../rules/schema.ts";

/** For each kind, what any ffmpeg writes, best first. Encoders of H.264 want even sides. */
const targets = {
  video: {
    formats: ["mp4", "mov"],
    options: "-c:v libx264 -pix_fmt yuv420p -vf 'scale=trunc(iw/2)*2:trunc(ih/2)*2' -c:a aac",
  },
  audio: { formats: ["wav", "mp3"], options: "-vn" },
  image: { formats: ["png", "jpeg"], options: "-frames:v 1 -update 1" },
} as const;

/**
 * The ffmpeg command that converts a file whose format alone is known to one that the table accepts. The copy has to be
 * checked: only then are its other limits known. Null where ffmpeg does not read the format.
 */
export function conversionCommand({ facts, file, type, limits }: Report, table: Table): string | null {
  const from = facts.format as Format;
  const kind = formats[from].kind;
  if (kind === null || kind !== (type ?? kind) || demuxers[from] === undefined) return null;
  const accepted = limitsOf(table, kind, limits === "observed")?.listed("format") ?? [];
  const to = targets[kind].formats.find((format) => accepted.includes(format));
  if (!to) return null;
  const input = file ?? `input.${extensionFor(from)}`;
  const [source, copy] = [input, fixedName(input, to)].map((path) => shellQuoted(shownPath(path)));
  return `ffmpeg -i ${source} ${targets[kind].options} ${copy}`;
}
