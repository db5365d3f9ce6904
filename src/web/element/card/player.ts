import type { Facts } from "../../../facts/facts.ts";
import { el } from "../dom.ts";
import { shrink } from "./shrink.ts";

/** Pixels of the longer side of an enlarged picture. */
const enlarged = 1280;

/** Plays or enlarges a file in `place`; the returned function ends it and leaves no address of the file behind. */
export function openPreview(file: File, facts: Facts, place: HTMLElement, label: string): () => void {
  return facts.mime?.startsWith("image/")
    ? enlarge(file, facts, place, label)
    : play(file, facts, place, label);
}

function play(file: File, facts: Facts, place: HTMLElement, label: string): () => void {
  const url = URL.createObjectURL(file);
  const tag = facts.mime?.startsWith("audio/") ? "audio" : "video";
  const player = el(tag, { controls: true, "aria-label": label });
  player.src = url;
  place.replaceChildren(player);
  player.play().catch(() => undefined);
  player.focus();
  return () => {
    player.pause();
    player.removeAttribute("src");
    player.load();
    URL.revokeObjectURL(url);
    place.replaceChildren();
  };
}

function enlarge(file: File, { width, height }: Facts, place: HTMLElement, label: string): () => void {
  const scale = Math.min(1, enlarged / Math.max(width ?? 1, height ?? 1));
  const canvas = el("canvas", { role: "img", "aria-label": label });
  canvas.width = Math.max(1, Math.round((width ?? 1) * scale));
  canvas.height = Math.max(1, Math.round((height ?? 1) * scale));
  place.replaceChildren(canvas);
  shrink(file, canvas, (width ?? 1) * (height ?? 1)).then(
    (bitmap) => canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap),
    () => place.replaceChildren(),
  );
  return () => place.replaceChildren();
}
