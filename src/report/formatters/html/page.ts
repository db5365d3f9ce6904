import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { Translate } from "../../text.ts";
import { formatNumber } from "../../units.ts";
import { base64 } from "./base64.ts";
import { type State, states } from "./card.ts";
import { escaped, icon, iconSymbols, jsonAttribute } from "./markup.ts";

/** The parts of a page. */
export interface PageContent {
  translate: Translate;
  css: string;
  script: string;
  heading: string;
  /** Lines below the heading. */
  notes: readonly string[];
  counts: Readonly<Record<State, number>>;
  /** Markup of the set's findings. */
  sets: string;
  /** Markup of the cards, in the order in which they are shown. */
  cards: readonly string[];
  footer: readonly string[];
}

/** A complete document. Nothing in it runs or loads but its own style, script and pictures: the policy forbids it. */
export function pageMarkup(content: PageContent): string {
  const { translate: say, css, script, heading, notes, sets, cards, footer, counts } = content;
  const policy = [
    "default-src 'none'",
    "img-src data:",
    `style-src '${hashOf(css)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const total = cards.length;
  return `<!doctype html>
<html lang="${escaped(say("tag"))}" data-shown="${jsonAttribute(say("shown", { n: "{n}", total: "{total}" }))}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escaped(say("title"))}: ${escaped(heading)}</title>
<style>${css}</style>
</head>
<body>
${iconSymbols()}
<header>
<h1>${escaped(heading)}</h1>
${notes.map((note) => `<p>${escaped(note)}</p>\n`).join("")}${proportions(counts)}</header>
<main>
${total > 1 ? toolbar(content) : ""}${sets}<ul class="sheet" id="sheet" role="list">
${cards.join("")}</ul>
<div class="nothing" id="nothing" hidden><p>${escaped(say("nothing"))}</p><button type="button" id="reset">${escaped(say("reset"))}</button></div>
</main>
<footer>
${footer.map((line) => `<p>${escaped(line)}</p>\n`).join("")}</footer>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** The hash of a Content-Security-Policy: CSP level 3, section 2.3.1. */
function hashOf(text: string): string {
  return `sha256-${base64(sha256(utf8ToBytes(text)))}`;
}

/** The number of files in each state, as one bar. */
function proportions(counts: PageContent["counts"]): string {
  const total = states.reduce((sum, state) => sum + counts[state], 0);
  if (total === 0) return "";
  let x = 0;
  const parts = states.map((state) => {
    const width = (100 * counts[state]) / total;
    const part =
      width > 0 ? `<rect data-state="${state}" x="${x.toFixed(2)}%" width="${width.toFixed(2)}%"/>` : "";
    x += width;
    return part;
  });
  return `<svg class="proportions" aria-hidden="true">${parts.join("")}</svg>\n`;
}

function toolbar({ translate: say, counts, cards }: PageContent): string {
  const choice = (value: string, n: number): string =>
    `<label><input type="radio" name="filter" value="${value}"${value === "all" ? " checked" : ""}>` +
    `<span>${value === "all" ? "" : icon(value as State)}${escaped(say(`filter.${value}`))} <b>${formatNumber(n)}</b></span></label>`;
  const filters = states.filter((state) => counts[state] > 0).map((state) => choice(state, counts[state]));
  const sorts = ["verdict", "name", "size"].map(
    (key) => `<option value="${key}">${escaped(say(`sort.${key}`))}</option>`,
  );
  return `<form class="tools" id="tools" role="search" autocomplete="off">
<fieldset><legend class="unseen">${escaped(say("filter"))}</legend>${choice("all", cards.length)}${filters.join("")}</fieldset>
<div class="find" id="find" hidden>
<label class="search">${icon("search")}<span class="unseen">${escaped(say("search"))}</span><input type="search" id="search" placeholder="${escaped(say("search"))}" aria-keyshortcuts="/" spellcheck="false"></label>
<label class="sort"><span>${escaped(say("sort"))}</span> <select id="sort">${sorts.join("")}</select></label>
</div>
<p class="unseen" role="status" id="status"></p>
</form>
`;
}
