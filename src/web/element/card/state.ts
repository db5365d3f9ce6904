import type { Icon } from "../icons.ts";
import type { Item } from "../session/item.ts";

/** A file's state as it is shown: the verdict once it has been checked, else its stage. */
export const stateOf = ({ stage, report }: Item): string =>
  stage === "checked" ? (report?.verdict ?? "waiting") : stage;

const icons: Readonly<Record<string, Icon>> = {
  pass: "pass",
  unsure: "unsure",
  fail: "fail",
  sent: "pass",
  sending: "upload",
  stopped: "unsure",
  unchecked: "unsure",
  unreadable: "fail",
};

export const iconOf = (item: Item): Icon => icons[stateOf(item)] ?? "wait";

/** What the bytes are; until they have been read, what the browser takes the file for. */
export function kindIconOf({ file: { type }, report }: Item): Icon {
  const kind = (report ? report.facts.mime : type)?.split("/")[0];
  return kind === "image" || kind === "video" || kind === "audio" ? kind : "file";
}
