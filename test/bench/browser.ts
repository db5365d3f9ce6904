/*
 * A 40 MB MP4 from drop to verdict in Chromium, beside what else a page can ask of it: all in one run.
 *
 *   npm run bench:browser
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { stage } from "../web/stage.ts";

const clip = new URL("../../.tmp/bench/40mb.mp4", import.meta.url).pathname;
const runs = 15;

if (!existsSync(clip)) {
  mkdirSync(new URL(".", `file://${clip}`).pathname, { recursive: true });
  const filter = "testsrc2=s=1280x720:r=30:d=14,noise=alls=60:allf=t,format=yuv420p";
  const rate = ["-b:v", "23M", "-minrate", "23M", "-maxrate", "23M", "-bufsize", "23M"];
  execFileSync("ffmpeg", [
    "-v",
    "error",
    "-y",
    "-f",
    "lavfi",
    "-i",
    filter,
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    ...rate,
    clip,
  ]);
}

// MediaInfo's loader and inline parts need more than the demo's own policy, so the page is served without one.
const body = `<!doctype html><html lang=en><title>bench</title><input type=file><media-preflight></media-preflight>
<script type=module src=/element.js></script><script type=module src=/bench.js></script>`;
const here = await stage({
  scripts: { bench: "test/bench/pages/browser.ts" },
  pages: { "/bench.html": { type: "text/html", body } },
});
try {
  const { page, errors } = await here.open({ path: "bench.html" });
  await page.waitForFunction("globalThis.measure");
  await page.setInputFiles("input", clip);
  const ways = (await page.evaluate("ways")) as string[];
  console.log(
    `${(statSync(clip).size / 1e6).toFixed(1)} MB, ${cpus()[0]?.model}, Chromium ${here.browser.version()}, ${runs} warm runs\n`,
  );
  // In turns, so that other load on the machine affects all of them equally.
  const times = new Map<string, { times: number[]; said: string }>();
  for (let run = 0; run <= runs; run++)
    for (const way of ways) {
      const { ms, said } = (await page.evaluate(`measure(${JSON.stringify(way)})`)) as {
        ms: number;
        said: string;
      };
      times.set(way, { times: [...(times.get(way)?.times ?? []), ms], said });
    }
  let own = 0;
  for (const [way, { times: all, said }] of times) {
    const [first = 0, ...rest] = all;
    const warm = rest.sort((a, b) => a - b);
    const median = warm[Math.floor(warm.length / 2)] ?? Number.NaN;
    own ||= median;
    const ratio = `${(median / own).toFixed(1)}×`;
    const range = `${(warm[0] ?? Number.NaN).toFixed(1)} – ${(warm.at(-1) ?? Number.NaN).toFixed(1)} ms`;
    console.log(
      `${way.padEnd(24)} ${median.toFixed(1).padStart(7)} ms ${ratio.padStart(7)}   ${range.padStart(18)}, first ${first.toFixed(0).padStart(4)} ms   ${said}`,
    );
  }
  if (errors.length > 0) console.error(errors.join("\n"));
  if (own > 20) {
    console.error(`\ndrop → verdict took ${own.toFixed(1)} ms, over 20 ms`);
    process.exitCode = 1;
  }
} finally {
  await here.close();
}
