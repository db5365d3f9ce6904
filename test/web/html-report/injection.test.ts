import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../../../src/index.ts";
import { createFormatter } from "../../../src/report/formatters/formats.node.ts";
import { findChromium } from "../../browser/chromium.ts";
import { pageOf, reportOn } from "./page.ts";

/* Names, metadata, rule ids and reasons come from strangers: whatever they hold is shown as text. */

const hostile = [
  `<script>alert(1)</script>`,
  `</script><script>alert(2)</script>`,
  `"><img src=x onerror=alert(3)>`,
  `' onmouseover='alert(4)`,
  `</bdi></h2></li></ul><svg onload=alert(5)>`,
  `--><!--<script>alert(6)</script>`,
  `javascript:alert(7)`,
  `data:text/html,<script>alert(8)</script>`,
  `&lt;script&gt;alert(9)&lt;/script&gt;`,
  `</style><style>*{display:none}</style>`,
  `a\u202egpj.exe\u2066\u0000\u001b[31m\n\r\u2028`,
  `{{constructor.constructor('alert(10)')()}} \${alert(11)} {n} {name}`,
  `]]></title><base href=https://evil.example/><meta http-equiv=refresh content=0>`,
  `${"<div>".repeat(50)}\ud800`,
];

const folder = mkdtempSync(join(tmpdir(), "media-preflight-html-"));
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await findChromium() });
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** A report in which every text that a stranger controls is this one. */
async function filledWith(text: string): Promise<Report> {
  const report = structuredClone({ ...(await reportOn("video/aspect-above-2.5.mp4")), ok: false }) as Report;
  report.file = `${text}/${text}.mp4`;
  report.rules = text;
  Object.assign(report.facts, { videoCodec: text, audioCodec: text, format: text, mime: `${text}/x` });
  for (const finding of report.findings) {
    Object.assign(finding, { rule: `video/${text}`, message: text, hint: text });
    if (finding.limit?.in) Object.assign(finding, { limit: { in: [text] }, actual: text });
    if (finding.verdict !== "pass") finding.accepted = { by: "config", reason: text, until: null };
  }
  return report;
}

test("no text becomes an element, an attribute, a style, a script or a request", async () => {
  const results = await Promise.all(hostile.map(filledWith));
  const unchecked = hostile.map((text) => ({
    schemaVersion: 1 as const,
    file: text,
    verdict: null,
    error: { code: "not-found" as const, message: text, hint: text },
  }));
  const formatter = await createFormatter("html", { version: `<script>alert(12)</script>` });
  for (const result of [...results, ...unchecked]) formatter.outcome(result);
  formatter.set({
    set: hostile[2] as string,
    verdict: "fail",
    findings: results[0]?.findings ?? [],
    files: [],
  });
  const html = formatter.end();
  writeFileSync(join(folder, "hostile.html"), html);
  const page = await (await browser.newContext()).newPage();
  const problems: string[] = [];
  page.on("dialog", (dialog) => {
    problems.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => problems.push(request.url()));
  await page.goto(`file://${folder}/hostile.html`);
  for (const summary of await page.locator("summary").all()) await summary.click();
  await page.locator("#search").fill("<script>");
  await page.waitForTimeout(300);
  expect(problems).toEqual([`file://${folder}/hostile.html`]);
  const found = await page.evaluate(() => {
    const elements = [...document.querySelectorAll("*")];
    return {
      foreign: elements
        .map((element) => element.localName)
        .filter((name) => /^(img|base|iframe|a|object|embed|link|video|audio)$/.test(name)),
      handlers: elements
        .flatMap((element) => element.getAttributeNames())
        .filter((name) => /^on|^style$|^src$/.test(name)),
      scripts: document.scripts.length,
      styles: document.querySelectorAll("style").length,
      metas: document.querySelectorAll("meta").length,
      cards: document.querySelectorAll("#sheet > li").length,
    };
  });
  expect(found).toEqual({
    foreign: [],
    handlers: [],
    scripts: 1,
    styles: 1,
    metas: 5,
    cards: hostile.length * 2,
  });
  // Each is there to be read, with what would reorder or hide text escaped.
  const names = await page.locator("#sheet h2").allTextContents();
  expect(names).toContain(`${hostile[1]}/${hostile[1]}.mp4`);
  expect(names.join("")).toContain("a\\u202egpj.exe\\u2066\\u0000\\u001b[31m");
});

test("the policy lets nothing run, load or be sent but the page's own style and script", async () => {
  const html = await pageOf([await reportOn("video/aspect-at-2.5.mp4")]);
  const [, policy = ""] = /Content-Security-Policy" content="([^"]+)"/.exec(html) ?? [];
  expect(policy).toMatch(
    /^default-src 'none'; img-src data:; style-src 'sha256-[\w+/]{43}='; script-src 'sha256-/,
  );
  expect(policy).not.toContain("unsafe");
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const attacked = html.replace(
    "</main>",
    `<script>document.title = "owned"</script><img src="http://127.0.0.1:${port}/x.png"><p style="color:red" onclick="document.title='owned'" id="p">x</p></main>`,
  );
  writeFileSync(join(folder, "attacked.html"), attacked);
  const page = await (await browser.newContext()).newPage();
  await page.goto(`file://${folder}/attacked.html`);
  await page.locator("#p").click();
  expect(await page.title()).toMatch(/^Media check/);
  expect(await page.locator("#p").evaluate((p) => getComputedStyle(p).color)).not.toBe("rgb(255, 0, 0)");
  expect(requests).toBe(0);
  await new Promise((resolve) => server.close(resolve));
});
