import { el } from "../../dom.ts";

/** Shows the first frame of the kept part, and plays that part. Where a browser cannot play the file it stays hidden. */
export class PartPlayer {
  readonly root: HTMLElement;
  readonly #media: HTMLMediaElement;
  readonly #url: string;
  #start = 0;
  #length = 0;
  #pending = false;

  /** @param changed is told when it plays and stops */
  constructor(file: File, isVideo: boolean, changed: (playing: boolean) => void) {
    this.#url = URL.createObjectURL(file);
    const media: HTMLMediaElement = isVideo
      ? el("video", { playsinline: true, preload: "auto", tabindex: -1, "aria-hidden": "true" })
      : el("audio", { preload: "auto" });
    this.#media = media;
    this.root = el("div", { class: "fix-player", hidden: true }, media);
    media.onloadeddata = () => {
      this.root.hidden = !isVideo;
    };
    media.onseeked = () => {
      if (this.#pending) this.#seekNow();
    };
    media.ontimeupdate = () => {
      if (media.paused || media.currentTime < this.#start + this.#length) return;
      media.pause();
      this.#seekNow();
    };
    media.onplay = () => changed(true);
    media.onpause = () => changed(false);
    media.src = this.#url;
  }

  /** Shows where the part starts. Frames in between are left out while one is being decoded. */
  seek(start: number, length: number): void {
    this.#start = start;
    this.#length = length;
    this.#media.pause();
    if (this.#media.seeking) this.#pending = true;
    else this.#seekNow();
  }

  toggle(): void {
    const { paused, currentTime } = this.#media;
    if (!paused) {
      this.#media.pause();
      return;
    }
    const inside = currentTime >= this.#start && currentTime < this.#start + this.#length - 0.2;
    if (!inside) this.#media.currentTime = this.#start;
    this.#media.play().catch(() => undefined);
  }

  /** Leaves no address of the file behind. */
  end(): void {
    const media = this.#media;
    media.onseeked = media.ontimeupdate = media.onplay = media.onpause = media.onloadeddata = null;
    media.pause();
    media.removeAttribute("src");
    media.load();
    URL.revokeObjectURL(this.#url);
  }

  #seekNow(): void {
    this.#pending = false;
    this.#media.currentTime = this.#start;
  }
}
