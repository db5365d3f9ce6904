import { preflightAll } from "../../../src/browser.ts";
import type { MediaPreflightElement } from "../../../src/web/element/element.ts";

/* Runs in the page: a thousand files, checked bare and by the element. Each returns milliseconds. */

const element = document.querySelector("media-preflight") as MediaPreflightElement;
let files: File[] = [];
let transfer = new DataTransfer();

const thousand = {
  make(samples: readonly { name: string; base64: string }[]): void {
    const bytes = samples.map(({ name, base64 }) => ({
      name,
      bytes: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)),
    }));
    files = Array.from({ length: 1000 }, (_, i) => {
      const { name, bytes: content } = bytes[i % bytes.length] as (typeof bytes)[number];
      return new File([content], `${i}-${name}`, { lastModified: 1 });
    });
  },

  /** As many at once as the element checks, and with every finding, as it asks for. */
  async bare(): Promise<number> {
    const since = performance.now();
    const results = await preflightAll(files, { concurrency: 3, findings: "all" });
    if (results.length !== files.length) throw new Error("not all were checked");
    return performance.now() - since;
  },

  /** Takes the files to the element: what a browser does itself when a person drags them. */
  carry(): void {
    transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
  },

  /** From the drop to the last verdict. */
  async drop(): Promise<number> {
    const done = new Promise<void>((resolve) => {
      let left = files.length;
      const count = (): void => {
        if (--left > 0) return;
        element.removeEventListener("media-preflight-report", count);
        resolve();
      };
      element.addEventListener("media-preflight-report", count);
    });
    const since = performance.now();
    element.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    await done;
    return performance.now() - since;
  },

  async clear(): Promise<void> {
    element.clear();
    await new Promise((resolve) => setTimeout(resolve, 500));
  },
};

Object.assign(globalThis, { thousand });
