import type { Kind } from "../../facts/formats.ts";
import { type Rule, rulesFor } from "../../rules/compile.ts";
import type { Limit } from "../../rules/limit.ts";
import type { Table } from "../../rules/schema.ts";
import type { Words } from "./words.ts";

const kinds: readonly Kind[] = ["image", "video", "audio"];

/** One kind of file that a table accepts, and its limits in words: "MP4 or MOV", "up to 50 MB", "2 – 15 s". */
export interface Accepted {
  kind: Kind;
  limits: string[];
}

/** What a table accepts, of one kind or of all. */
export function acceptedBy(table: Table, wanted: Kind | null, words: Words): Accepted[] {
  return kinds
    .filter((kind) => wanted === null || kind === wanted)
    .flatMap((kind) => {
      const rules = rulesFor(table, kind)?.filter(({ note }) => !note);
      return rules ? [{ kind, limits: limitsOf(rules, words) }] : [];
    });
}

function limitsOf(rules: readonly Rule[], { report, say, number, isolate }: Words): string[] {
  const limit = (property: string): Limit =>
    rules.find((rule) => rule.property === property)?.printed.limit ?? {};
  const unit = (property: string): string => {
    const name = rules.find((rule) => rule.property === property)?.printed.unit ?? "";
    const key = `unit.${name}`;
    return say(key) === key ? name : say(key);
  };
  const range = (property: string, of = unit(property)): string => {
    const { min, above, max, below } = limit(property);
    const n = (value: number): string => isolate(`${number(value)} ${of}`.trim());
    if (typeof min === "number" && typeof max === "number") return isolate(`${number(min)} – ${n(max)}`);
    const words: string[] = [];
    if (typeof min === "number") words.push(report("from", { n: n(min) }));
    if (typeof above === "number") words.push(report("moreThan", { n: n(above) }));
    if (typeof max === "number") words.push(report("upTo", { n: n(max) }));
    if (typeof below === "number") words.push(report("lessThan", { n: n(below) }));
    return words.join(", ");
  };
  const sides = range("width");
  const named = (key: string, limits: string): string => limits && say(key, { limits });
  const formats = (limit("format").in ?? []).map((format) => String(format).toUpperCase());
  return [
    formats.join(", "),
    range("size"),
    range("duration"),
    sides === range("height") ? named("accepts.sides", sides) : "",
    named("accepts.pixels", range("pixels", "")),
    range("frameRate"),
  ]
    .filter(Boolean)
    .map(isolate);
}
