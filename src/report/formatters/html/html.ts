import { en } from "../../messages/en.ts";
import { createTranslate } from "../../text.ts";
import { formatNumber } from "../../units.ts";
import { type FormatOptions, type Formatter, failsByFiles, setName } from "../formatter.ts";
import {
  cardMarkup,
  findingsMarkup,
  isFullyAccepted,
  type Language,
  type State,
  stateOf,
  states,
} from "./card.ts";
import { escaped, icon } from "./markup.ts";
import { pageMarkup } from "./page.ts";
import { htmlTexts } from "./texts.ts";

/** The page's style sheet and script. */
export interface Assets {
  css: string;
  script: string;
}

/**
 * One self-contained page: a contact sheet with a card for each file, the worst first, that can be filtered, sorted and
 * searched offline. It is written at the end, since its head has the totals.
 */
export function htmlFormatter(options: FormatOptions, assets: Assets): Formatter {
  const messages = options.messages ?? en;
  const texts = htmlTexts(messages.locale);
  const translate = createTranslate(texts);
  const language: Language = { translate, messages };
  const counts: Record<State, number> = { fail: 0, error: 0, unsure: 0, pass: 0 };
  const cards = new Map<State, string[]>(states.map((state) => [state, []]));
  const ruleTables = new Set<string>();
  let acceptedFiles = 0;
  let sets = "";

  const heading = (total: number): string => {
    const bad = total - counts.pass;
    if (total === 0) return translate("heading.none");
    if (bad === 0)
      return total === 1
        ? translate("heading.pass.one")
        : translate("heading.pass", { n: formatNumber(total) });
    return total === 1
      ? translate("heading.one")
      : translate("heading.some", { bad: formatNumber(bad), n: formatNumber(total) });
  };

  return {
    begin: () => "",
    outcome(result, thumbnail = null) {
      const state = stateOf(result);
      counts[state]++;
      if (isFullyAccepted(result)) acceptedFiles++;
      if (!("error" in result)) ruleTables.add(`${result.rules} (${translate(result.limits)})`);
      cards.get(state)?.push(cardMarkup(result, thumbnail, language));
      return "";
    },
    set(report) {
      const key = failsByFiles(report) ? "set.files" : "set";
      const title = translate(key, { name: setName(report), n: report.files.length });
      sets += `<section class="set card" data-state="${report.verdict}"><p class="verdict">${icon(report.verdict)}${escaped(translate(report.verdict))}</p><h2>${escaped(title)}</h2>${findingsMarkup(report.findings, translate)}</section>\n`;
      return "";
    },
    end() {
      const all = states.flatMap((state) => cards.get(state) ?? []);
      const date = (options.started ?? new Date()).toISOString().slice(0, 16).replace("T", " ");
      const made = translate("made", { version: options.version, date: `${date} UTC` });
      const rules = ruleTables.size > 0 && translate("rules", { rules: [...ruleTables].join(", ") });
      return pageMarkup({
        translate,
        ...assets,
        heading: heading(all.length),
        notes: acceptedFiles > 0 ? [translate("accepted", { n: formatNumber(acceptedFiles) })] : [],
        counts,
        sets,
        cards: all,
        footer: [rules, made].filter((line) => line !== false),
      });
    },
  };
}
