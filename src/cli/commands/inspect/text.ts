import type { Facts } from "../../../facts/facts.ts";
import type { Inspection } from "../../../preflight/preflight.ts";
import { escapeControls } from "../../../report/escape.ts";

const units: Partial<Record<keyof Facts, string>> = {
  bytes: "B",
  width: "px",
  height: "px",
  codedWidth: "px",
  codedHeight: "px",
  pixels: "px",
  rotation: "°",
  duration: "s",
  frameRate: "fps",
  sampleRate: "Hz",
  bitDepth: "bits",
};

/** A file's facts and readings, one per line. */
export function inspectionText(inspection: Inspection): string {
  const rows = Object.entries(inspection.facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]): [string, string] => {
      const unit = units[name as keyof Facts];
      return [name, unit === undefined ? `${value}` : `${value} ${unit}`.replace(" °", "°")];
    });
  const readings: [string, unknown, string][] = [
    ...inspection.readings.sizes.map((r): [string, unknown, string] => [
      "size",
      `${r.width}×${r.height}`,
      r.from,
    ]),
    ...inspection.readings.durations.map((r): [string, unknown, string] => [
      "duration",
      `${r.value} s`,
      r.from,
    ]),
    ...inspection.readings.frameRates.map((r): [string, unknown, string] => [
      "frameRate",
      `${r.value} fps`,
      r.from,
    ]),
  ];
  const lines = [
    inspection.file ?? "(stdin)",
    ...rows.map(([name, value]) => `  ${name.padEnd(23)} ${value}`),
    ...readings.map(
      ([name, value, from]) => `  reading of ${name.padEnd(12).slice(0, 12)} ${value} (${from})`,
    ),
    ...inspection.damage.map(
      (d) =>
        `  ${d.certain ? "damage" : "possible damage"}: ${d.part}, ${d.code}${d.at === null ? "" : ` at ${d.at}`}`,
    ),
    ...inspection.unread.map((u) => `  not read: ${u.fact} (${u.why.code})`),
    ...inspection.crossCheckNotes.map((n) => `  ${n.crossCheck}: ${n.why}`),
  ];
  return `${lines.map(escapeControls).join("\n")}\n`;
}
