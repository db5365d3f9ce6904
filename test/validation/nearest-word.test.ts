import { expect, test } from "vitest";
import { nearestWord } from "../../src/validation/nearest-word.ts";

test.each([
  ["jsno", ["json", "html"], "json"],
  ["mni", ["min", "max"], "min"],
  ["vidoe", ["image", "video"], "video"],
  ["de", ["en", "zh-CN"], null],
  ["xml", ["text", "json", "html"], null],
])("%s is most like %s: %s", (word, known, nearest) => expect(nearestWord(word, known)).toBe(nearest));
