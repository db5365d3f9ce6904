import { expect, test } from "vitest";
import { checkGrains, checkOnce } from "./check.ts";
import { readCorpus } from "./corpus.ts";
import { mutate } from "./mutate.ts";
import { randomFrom } from "./random.ts";

/** `npm run fuzz` does the same for a given time. */
const inputs = 3000;
const seed = 20_261_122;

test(`${inputs} mutated fixtures give evidence within the budget, however they are served`, async () => {
  const corpus = readCorpus(64 * 1024).map((file) => file.bytes);
  expect(corpus.length).toBeGreaterThan(50);
  const formats = new Set<string>();
  const broken: string[] = [];
  let read = 0;
  let damaged = 0;
  for (let i = 0; i < inputs; i++) {
    const bytes = mutate(corpus, randomFrom(seed + i));
    let { evidence, wrong } = await checkOnce(bytes);
    if (evidence && !wrong && i % 20 === 0) wrong = await checkGrains(bytes, evidence);
    if (wrong) broken.push(`input ${i}: ${wrong}`);
    if (evidence?.format) formats.add(evidence.format);
    if (evidence && evidence.durations.length + evidence.sizes.length > 0) read++;
    if (evidence && evidence.damage.length > 0) damaged++;
  }
  expect(broken).toEqual([]);
  // The wounds reach the readers: enough files are still read, enough are found broken, all kinds are met.
  expect(formats.size).toBeGreaterThan(10);
  expect(read).toBeGreaterThan(inputs / 3);
  expect(damaged).toBeGreaterThan(inputs / 10);
}, 60_000);

test("the same seed makes the same mutations, another seed others", () => {
  const corpus = [new Uint8Array(1000).fill(7)];
  const mutationOf = (n: number): string => Buffer.from(mutate(corpus, randomFrom(n))).toString("hex");
  expect(mutationOf(5)).toBe(mutationOf(5));
  expect(new Set([1, 2, 3, 4, 5, 6].map(mutationOf)).size).toBeGreaterThan(4);
});
