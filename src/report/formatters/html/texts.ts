import { zhCN } from "./texts.zh-CN.ts";

/** English texts of the HTML report; what findings say comes from the messages of all formats. */
const english = {
  /** BCP 47 tag. */
  tag: "en",
  title: "Media check",
  "heading.pass": "All {n} files passed",
  "heading.pass.one": "The file passed",
  "heading.some": "{bad} of {n} files need attention",
  "heading.one": "The file needs attention",
  "heading.none": "No files were checked",
  accepted: "{n} of them are accepted by the configuration",
  filter: "Show",
  "filter.all": "All",
  "filter.fail": "Failing",
  "filter.unsure": "Unsure",
  "filter.pass": "Passing",
  "filter.error": "Not checked",
  search: "Search names and findings",
  sort: "Sort by",
  "sort.verdict": "Verdict",
  "sort.name": "Name",
  "sort.size": "Size",
  shown: "{n} of {total} files shown",
  nothing: "No file matches.",
  reset: "Show all files",
  pass: "Passes",
  unsure: "Unsure",
  fail: "Fails",
  note: "Note",
  error: "Not checked",
  "accepted.finding": "Accepted",
  "accepted.by": "Accepted: {reason}",
  "met.one": "1 limit met",
  met: "{n} limits met",
  stdin: "(stdin)",
  set: "{name}: {n} files together",
  "set.files": "{name}: {n} files together, not all of which pass",
  complete: "Completeness",
  "kind.image": "Image",
  "kind.video": "Video",
  "kind.audio": "Audio",
  "kind.file": "File",
  "unit.px": "px",
  "unit.s": "s",
  "unit.fps": "fps",
  "unit.Hz": "Hz",
  "unit.bit/s": "bit/s",
  rules: "Rules: {rules}",
  documented: "documented limits",
  observed: "observed limits",
  made: "Made by media-preflight {version}, {date}",
};

/** The texts of the HTML report in one language. */
export type HtmlTexts = Readonly<typeof english>;

/** The texts of a locale by its BCP 47 tag; English where there are none. */
export function htmlTexts(locale: string): HtmlTexts {
  return locale === "zh-CN" ? zhCN : english;
}
