import type { Finding } from "../../report/report.ts";
import { formatBytes, formatNumber } from "../../report/units.ts";
import { type BarWords, limitLine } from "./bar-view.ts";
import { attribute, el, type Icon, icon } from "./dom.ts";
import type { Item } from "./item.ts";

/** What a row needs of its surroundings. */
export interface RowHost extends BarWords {
  hint(finding: Finding): string | null;
  /** Whether there is anywhere to send to. */
  sends(): boolean;
  send(item: Item): void;
  cancel(item: Item): void;
  remove(item: Item): void;
  /** Whether there is room to show the limits of a file at once. */
  roomy(verdict: string): boolean;
}

/** One file on the page. `update` is called whenever its item has moved on. */
export interface Row {
  root: HTMLLIElement;
  thumbnail: HTMLElement;
  update(): void;
}

export function createRow(item: Item, host: RowHost): Row {
  const { say } = host;
  const name = item.file.name;
  const of = (action: string): string => say("of.name", { action: say(action), name });
  const thumbnail = el("div", { class: "thumb", part: "thumbnail" }, icon(kindOf(item)));
  const facts = el("p", { class: "facts", part: "facts" });
  const verdict = el("p", { class: "verdict", part: "verdict" });
  const acts = el("div", { class: "acts" });
  const remove = el(
    "button",
    {
      type: "button",
      class: "bare",
      part: "button remove",
      "aria-label": of("remove"),
      onclick: () => host.remove(item),
    },
    icon("fail"),
  );
  const findings = el("ul", { class: "findings", part: "findings", role: "list" });
  const below = el("div", { class: "below" });
  const limits = el("details", { class: "limits", part: "limits", hidden: true });
  const root = el(
    "li",
    { class: "file" },
    thumbnail,
    el(
      "div",
      { class: "what" },
      el(
        "p",
        { class: "name", part: "name", title: item.file.webkitRelativePath || name },
        el("bdi", {}, name),
      ),
      facts,
    ),
    verdict,
    el("div", { class: "buttons" }, acts, remove),
    findings,
    below,
    limits,
  );
  let drawn: Item["all"] | null = null;

  const button = (action: string, act: () => void, look = ""): HTMLButtonElement =>
    el(
      "button",
      { type: "button", class: look, part: `button ${action}`, "aria-label": of(action), onclick: act },
      say(action),
    );

  function update(): void {
    const state = stateOf(item);
    attribute(root, "data-state", state);
    attribute(root, "part", `file file-${state}`);
    const seen = item.report?.facts;
    const size = seen?.width ? `${seen.width}×${seen.height}` : null;
    const length = seen?.duration ? `${formatNumber(seen.duration, 2)} ${say("unit.s")}` : null;
    const format = seen?.format?.toUpperCase();
    // A number and its unit stay in one line.
    const told = [format, size, length, formatBytes(item.file.size)].filter(Boolean).join(" · ");
    facts.textContent = told.replace(/(?<=\d) /g, "\u00a0");
    verdict.replaceChildren(icon(icons[state] ?? "wait"), say(state === "sending" ? phaseOf(item) : state));
    const wanted = actions();
    const key = wanted.map(([action]) => action).join();
    if (acts.dataset.has !== key) {
      const held = acts.matches(":focus-within");
      acts.dataset.has = key;
      acts.replaceChildren(...wanted.map(([action, act, look]) => button(action, act, look)));
      // Whoever pressed "Send" finds "Cancel" under the same key.
      if (held) (acts.querySelector("button") ?? remove).focus();
    }
    showBelow(state);
    if (drawn !== item.all) {
      drawn = item.all;
      showReport();
    }
  }

  function actions(): [string, () => void, string?][] {
    if (item.stage === "sending") return [["cancel", () => host.cancel(item)]];
    if (!item.open || !host.sends()) return [];
    if (item.stage === "stopped") return [["retry", () => host.send(item), "soft"]];
    return item.stage === "checked" ? [["send", () => host.send(item), "soft"]] : [];
  }

  function showBelow(state: string): void {
    if (item.stage === "sending") {
      const { loaded = 0, total = null, phase } = item.progress ?? {};
      const known = phase === "upload" && total ? Math.min(100, Math.floor((loaded / total) * 100)) : null;
      let bar = below.querySelector<HTMLElement>("[role=progressbar]");
      if (!bar) {
        bar = el(
          "div",
          {
            class: "progress",
            role: "progressbar",
            part: "progress",
            "aria-label": say("progress", { name }),
            "aria-valuemin": 0,
            "aria-valuemax": 100,
          },
          el("span", { part: "progress-value" }),
        );
        below.replaceChildren(bar);
      }
      attribute(bar, "aria-valuenow", known);
      attribute(bar, "aria-valuetext", `${say(phaseOf(item))}${known === null ? "" : ` ${known} %`}`);
      bar.style.setProperty("--at", String(known ?? 100));
    } else if (item.problem) {
      const { code, message, hint } = item.problem;
      const key = `error.${code}`;
      const known = say(key) === key ? null : say(key);
      const more = known && code !== "refused" ? null : [message, hint].filter(Boolean).join(" · ");
      const body = el(
        "span",
        {},
        el("strong", {}, known ?? more ?? ""),
        known && more && el("span", {}, more),
      );
      below.replaceChildren(el("p", { class: "problem", part: "problem" }, icon("fail"), body));
    } else if (item.asset && state === "sent") below.replaceChildren(asset(item.asset.uri ?? item.asset.id));
    else below.replaceChildren();
  }

  function asset(uri: string): HTMLElement {
    const code = el("code", { part: "address" }, uri);
    const copy = button("copy", async () => {
      try {
        await navigator.clipboard.writeText(uri);
        named("copied");
        setTimeout(named, 2000, "copy");
      } catch {
        // Not allowed here: it lies ready to be copied by hand.
        getSelection()?.selectAllChildren(code);
      }
    });
    const named = (word: string): void => {
      copy.textContent = say(word);
      attribute(copy, "aria-label", of(word));
    };
    return el("p", { class: "asset", part: "asset" }, code, copy);
  }

  function showReport(): void {
    const said = item.all.filter((finding) => finding.verdict !== "pass").sort((a, b) => rank(a) - rank(b));
    findings.replaceChildren(
      ...said.map((finding) => {
        const hint = host.hint(finding);
        const text = el("span", {}, host.message(finding), hint && el("strong", { class: "hint" }, hint));
        return el(
          "li",
          { "data-verdict": finding.verdict, part: `finding finding-${finding.verdict}` },
          el(
            "span",
            { class: "mark" },
            icon(finding.verdict),
            el("span", { class: "unseen" }, say(finding.verdict)),
          ),
          text,
        );
      }),
    );
    limits.replaceChildren();
    const seen = item.report?.facts;
    attribute(limits, "hidden", !seen);
    if (!seen) return;
    if (!thumbnail.querySelector("canvas")) thumbnail.replaceChildren(icon(kindOf(item)));
    const list = el("ul", { role: "list" });
    const draw = (): void => {
      if (!limits.open || list.firstChild) return;
      const lines = [...item.all].sort(byPlace).map((finding) => limitLine(finding, seen, host));
      list.append(...lines.filter((line) => line !== null));
      attribute(limits, "hidden", !list.firstChild);
    };
    limits.append(el("summary", {}, say("limits")), list);
    limits.ontoggle = draw;
    limits.open = host.roomy(item.report?.verdict ?? "");
    draw();
  }

  update();
  return { root, thumbnail, update };
}

const icons: Readonly<Record<string, Icon>> = {
  pass: "pass",
  unsure: "unsure",
  fail: "fail",
  sent: "pass",
  sending: "upload",
  stopped: "unsure",
  unreadable: "fail",
};

function stateOf({ stage, report }: Item): string {
  return stage === "checked" ? (report?.verdict ?? "waiting") : stage;
}

function phaseOf({ progress }: Item): string {
  const phase = progress?.phase;
  return phase === "register" ? "registering" : phase === "wait" ? "processing" : "sending";
}

/** What its bytes are; until they have been read, what the browser takes it for. */
function kindOf({ file: { type }, report }: Item): Icon {
  const kind = (report ? report.facts.mime : type)?.split("/")[0];
  return kind === "image" || kind === "video" || kind === "audio" ? kind : "file";
}

const ranks = ["fail", "unsure", "note", "pass"];
const rank = ({ verdict }: Finding): number => ranks.indexOf(verdict);

const places = ["duration", "pixels", "width", "height", "aspect-ratio", "frame-rate", "size"];
/** Numbers first, in the order in which people think of them. */
const byPlace = (a: Finding, b: Finding): number => place(a) - place(b);
const place = ({ rule }: Finding): number => {
  const at = places.indexOf(rule.split("/")[1] ?? "");
  return at < 0 ? places.length : at;
};
