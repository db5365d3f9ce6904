import type { Say } from "../../report/text.ts";
import { countOf } from "./board.ts";
import type { Item } from "./item.ts";

/** Milliseconds in which verdicts are gathered into one announcement. */
const gathering = 300;

/** Tells a screen reader what became of files: a hundred verdicts are one sentence. */
export function announcer(say: Say, announce: (text: string) => void): (item: Item) => void {
  const told: Item[] = [];
  const word = ({ stage, report }: Item): string =>
    say(stage === "checked" ? (report?.verdict ?? stage) : stage);
  const tell = (): void => {
    const items = told.splice(0);
    const counts = Object.entries(countOf(items)).filter(([, n]) => n > 0);
    const [only] = items;
    announce(
      only && items.length < 2
        ? say("say.verdict", { name: only.file.name, verdict: word(only) })
        : say("say.verdicts", { summary: counts.map(([key, n]) => say(`count.${key}`, { n })).join(", ") }),
    );
  };
  return (item) => {
    if (told.push(item) === 1) setTimeout(tell, gathering);
  };
}
