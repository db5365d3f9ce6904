import { ALL_FORMATS, BlobSource, Input } from "mediabunny";
import mediaInfoFactory from "mediainfo.js";
import { preflight } from "../../../src/browser.ts";
import type { MediaPreflightElement } from "../../../src/web/element/element.ts";

/* Runs in the page: four ways to inspect one file. Each returns what it found. */

const element = document.querySelector("media-preflight") as MediaPreflightElement;
const mediainfo = mediaInfoFactory({
  format: "object",
  chunkSize: 256 * 1024,
  locateFile: () => "/MediaInfoModule.wasm",
});

const ways: Record<string, (file: File) => Promise<string>> = {
  "drop → verdict": async (file) => {
    const transfer = new DataTransfer();
    transfer.items.add(file);
    const reported = new Promise<CustomEvent>((resolve) =>
      element.addEventListener("media-preflight-report", (event) => resolve(event as CustomEvent), {
        once: true,
      }),
    );
    element.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    const { report } = (await reported).detail;
    return `${report.facts.width}×${report.facts.height}, ${report.facts.frameRate} fps, ${report.verdict}`;
  },
  "preflight()": async (file) => {
    const { facts, verdict } = await preflight(file);
    return `${facts.width}×${facts.height}, ${facts.frameRate} fps, ${verdict}`;
  },
  "<video> loadedmetadata": async (file) => {
    const url = URL.createObjectURL(file);
    const video = document.createElement("video");
    await new Promise((done, fail) => {
      video.onloadedmetadata = done;
      video.onerror = fail;
      video.preload = "metadata";
      video.src = url;
    });
    const said = `${video.videoWidth}×${video.videoHeight}, no frame rate, no verdict`;
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(url);
    return said;
  },
  "mediainfo.js": async (file) => {
    const { media } = await (await mediainfo).analyzeData(
      file.size,
      async (length, offset) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
    );
    const track = media?.track.find((one) => one["@type"] === "Video");
    return track?.["@type"] === "Video" ? `${track.Width}×${track.Height}, ${track.FrameRate} fps` : "";
  },
  mediabunny: async (file) => {
    const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
    const track = await input.getPrimaryVideoTrack();
    const stats = await track?.computePacketStats(100);
    const said = `${track?.displayWidth}×${track?.displayHeight}, ${stats?.averagePacketRate} fps`;
    input.dispose();
    return said;
  },
};

/** The element goes on to draw, and decodes a poster: wait for it, so that it does not slow down the next run. */
async function settled(): Promise<void> {
  const delay = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
  const posters = (): number => element.shadowRoot?.querySelectorAll(".thumb canvas").length ?? 0;
  for (let waited = 0; posters() < element.files.length && waited < 3000; waited += 50) await delay(50);
  element.clear();
  await delay(200);
}

Object.assign(globalThis, {
  ways: Object.keys(ways),
  async measure(way: string) {
    const file = document.querySelector("input")?.files?.[0] as File;
    await settled();
    const started = performance.now();
    const said = await ways[way]?.(file);
    return { ms: performance.now() - started, said };
  },
});
