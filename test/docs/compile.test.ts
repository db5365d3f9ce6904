import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { entries } from "./api.ts";
import { blocks } from "./blocks.ts";

/* Every TypeScript sample of the pages type-checks in a strict project, exactOptionalPropertyTypes included. */

const root = new URL("../../", import.meta.url).pathname;
const folder = join(root, ".tmp/compiled-samples");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Names that samples use without declaring them. */
const given: Readonly<Record<string, string>> = {
  file: "declare const file: File;",
  app: "declare const app: { all(path: string, handle: (c: { req: { raw: Request } }) => Promise<Response>): void };",
  wasmUrl: "declare const wasmUrl: string;",
  workerUrl: "declare const workerUrl: string;",
  preflight: 'import { preflight } from "media-preflight";',
  submit: 'import { submit } from "media-preflight";',
  createServerClient: 'import { createServerClient } from "media-preflight";',
  userOf: "declare function userOf(request: Request): Promise<{ id: string } | null>;",
};

function module(text: string): string {
  const used = Object.entries(given).filter(
    ([name]) =>
      new RegExp(`\\b${name}\\b`).test(text) &&
      !new RegExp(`(?:const|let|function) ${name}\\b|[{,] *${name}\\b[^}]*\\} from "media`).test(text),
  );
  return `${used.map(([, line]) => line).join("\n")}\n${text}\nexport {};\n`;
}

test("the TypeScript samples type-check", () => {
  const samples = blocks().filter(({ language }) => language === "ts");
  expect(samples.length).toBeGreaterThan(5);
  mkdirSync(folder, { recursive: true });
  const names = samples.map(({ page, line, text }) => {
    const name = `${page.replaceAll(/\W/g, "-")}-${line}.ts`;
    writeFileSync(join(folder, name), module(text));
    return name;
  });
  const paths = Object.fromEntries(
    Object.entries(entries).map(([entry, source]) => [entry, [join(root, source)]]),
  );
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.json",
      compilerOptions: {
        noEmit: true,
        declaration: false,
        exactOptionalPropertyTypes: true,
        rootDir: "../..",
        allowImportingTsExtensions: true,
        rewriteRelativeImportExtensions: false,
        paths,
      },
      include: names,
    }),
  );
  let said = "";
  try {
    execFileSync("tsc", ["-p", folder], { cwd: root, encoding: "utf8" });
  } catch (error) {
    said = (error as { stdout: string }).stdout;
  }
  // The sources are compiled with it, by options that are not theirs.
  expect(said.split("\n").filter((line) => line.includes("compiled-samples"))).toEqual([]);
});
