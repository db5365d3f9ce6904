import type { FixStep } from "../../../../fix/plan/types.ts";
import type { Report } from "../../../../report/report.ts";
import { attribute, button, el } from "../../dom.ts";
import type { FixWords } from "../fix-words.ts";
import { drawFilmstrip } from "./filmstrip.ts";
import { PartPlayer } from "./part-player.ts";

/** Seconds of one step of the slider. */
const step = 0.1;
let groups = 0;

/** Which part of a recording is kept: a window over it that can be moved, numbers, and a player that shows the part. */
export class TrimChoice {
  readonly root: HTMLElement;
  readonly #player: PartPlayer;
  readonly #slider: HTMLInputElement;
  readonly #seconds: HTMLInputElement;
  readonly #kept = el("output", { class: "fix-kept" });
  readonly #play: HTMLButtonElement;
  readonly #stopped = new AbortController();
  readonly #words: FixWords;
  readonly #length: number;
  readonly #total: number;

  /** @param changed is told where the kept part starts, in seconds */
  constructor(
    file: File,
    { facts }: Report,
    trim: FixStep & { kind: "trim" },
    words: FixWords,
    changed: (start: number) => void,
  ) {
    this.#words = words;
    this.#length = trim.duration;
    this.#total = Math.max(facts.duration ?? 0, trim.start + trim.duration);
    const { say } = words;
    const last = Math.floor((this.#total - this.#length) / step) * step;
    const id = `fix-trim-${++groups}`;
    const move = (start: number): void => {
      const at = Math.min(Math.max(Number.isFinite(start) ? start : 0, 0), last);
      this.#show(at);
      this.#player.seek(at, this.#length);
      changed(at);
    };
    const isVideo = facts.mime?.startsWith("video/") === true || facts.width !== null;
    this.#player = new PartPlayer(file, isVideo, (playing) => {
      this.#play.textContent = say(playing ? "fix.pause" : "fix.play");
    });
    this.#play = button(say("fix.play"), "play-part", () => this.#player.toggle());
    const strip = el("canvas", { "aria-hidden": "true" });
    this.#slider = el("input", {
      type: "range",
      min: 0,
      max: last.toFixed(2),
      step,
      "aria-label": say("fix.trim.start"),
      "data-first": true,
      oninput: () => move(this.#slider.valueAsNumber),
    });
    this.#seconds = el("input", {
      type: "number",
      id,
      min: 0,
      max: last.toFixed(1),
      step,
      inputmode: "decimal",
      onchange: () => move(this.#seconds.valueAsNumber),
    });
    // A timeline runs from left to right in every language, as players show it.
    const timeline = el("div", { class: "fix-timeline", dir: "ltr" }, strip, this.#slider);
    timeline.style.setProperty("--kept", String(Math.min(1, this.#length / (this.#total || 1))));
    this.root = el(
      "fieldset",
      { class: "fix-group" },
      el("legend", {}, say("fix.trim")),
      this.#player.root,
      timeline,
      el(
        "div",
        { class: "fix-row" },
        el("label", { class: "fix-number", for: id }, say("fix.trim.seconds"), this.#seconds),
        this.#play,
        this.#kept,
      ),
    );
    this.#show(Math.min(trim.start, last));
    this.#player.seek(trim.start, this.#length);
    if (isVideo) void drawFilmstrip(file, strip, this.#total, this.#stopped.signal);
  }

  end(): void {
    this.#stopped.abort();
    this.#player.end();
  }

  #show(start: number): void {
    const { say, number } = this.#words;
    const values = {
      from: number(start, 1),
      to: number(start + this.#length, 1),
      total: number(this.#total, 1),
    };
    this.#slider.value = String(start);
    if (this.#seconds.valueAsNumber !== start) this.#seconds.value = String(Math.round(start * 100) / 100);
    this.#kept.textContent = say("fix.trim.kept", values);
    attribute(this.#slider, "aria-valuetext", this.#kept.textContent);
  }
}
