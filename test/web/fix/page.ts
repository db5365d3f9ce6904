import type { Page } from "playwright-core";
import type { FixOptions, FixResult } from "../../../src/fix/options.ts";
import { bundlePages } from "../../package/pages.ts";
import type { Dropped, Stage } from "../stage.ts";
import { stage } from "../stage.ts";

/** A stage whose page /fix.html has the library, and workers that lack optional packages. */
export async function fixStage(): Promise<Stage> {
  const { files } = await bundlePages({ "without-aac": "src/fix/browser/worker.ts" }, [
    "@mediabunny/aac-encoder",
  ]);
  const { files: bare } = await bundlePages({ "without-any": "src/fix/browser/worker.ts" }, [
    "mediabunny",
    "@mediabunny/aac-encoder",
    "@mediabunny/mp3-encoder",
  ]);
  const script = (body: Uint8Array<ArrayBuffer>) => ({ type: "text/javascript", body });
  const scripts = [...files, ...bare].map(([name, body]) => [`/${name}`, script(body)] as const);
  return await stage({
    scripts: { fix: "test/web/pages/fix.ts" },
    pages: {
      "/fix.html": {
        type: "text/html",
        body: "<!doctype html><title>fix</title><script type=module src=/fix.js></script>",
      },
      ...Object.fromEntries(scripts),
    },
  });
}

export async function openFixPage(here: Stage): Promise<Page> {
  // The demo's first page signs the visitor in.
  const { page } = await here.open();
  await page.goto(`${here.demo.url}fix.html`);
  await page.waitForFunction("globalThis.media");
  return page;
}

/** What `fix` answered in the page; the copy stays there as `globalThis.copy`. */
export interface Fixed extends Omit<FixResult, "output"> {
  output: { name: string; size: number; type: string } | null;
  progress: number[];
}

/** Gives a file to the page as `globalThis.file`. */
export async function give(page: Page, { name, bytes }: Dropped): Promise<void> {
  await page.evaluate(
    ({ name, base64 }) => {
      const body = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      Object.assign(globalThis, { file: new File([body], name) });
    },
    { name, base64: Buffer.from(bytes).toString("base64") },
  );
}

/** Fixes the file that the page was given. */
export async function fixInPage(
  page: Page,
  options: Pick<FixOptions, "type" | "fit" | "trim" | "dryRun"> & { workerUrl?: string } = {},
): Promise<Fixed> {
  return (await page.evaluate(async (options) => {
    const { media, file } = globalThis as unknown as {
      media: typeof import("../../../src/browser.ts");
      file: File;
    };
    const progress: number[] = [];
    const result = await media.fix(file, { ...options, onProgress: (done) => progress.push(done) });
    const { output } = result;
    Object.assign(globalThis, { copy: output });
    const described = output && { name: output.name, size: output.size, type: output.type };
    return { ...result, output: described, progress };
  }, options)) as Fixed;
}
