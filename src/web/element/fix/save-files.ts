import { delay } from "../../../async/delay.ts";
import { el } from "../dom.ts";

/** Milliseconds for which the address of a file stays valid: until then a browser has begun to read it. */
const lifetime = 10_000;
/** Milliseconds between two downloads: of several at once, browsers drop some. */
const pause = 500;

/** Saves a file as a download. */
export function saveFile(file: File): void {
  const url = URL.createObjectURL(file);
  el("a", { href: url, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(url), lifetime);
}

/** Saves files one after the other; a browser may ask first whether the page may do so. */
export async function saveFiles(files: readonly File[]): Promise<void> {
  for (const file of files) {
    saveFile(file);
    await delay(pause, null);
  }
}
