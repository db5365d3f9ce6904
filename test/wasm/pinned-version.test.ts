import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { pin } from "../../wasm/pin.ts";

/* Other bytes than the pinned ones are never loaded: the version that npm installs has to be the one they are of. */

const json = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

test("package.json, the lockfile, the installed package and the pin name one exact version", () => {
  const lock = json("../../package-lock.json");
  expect(json("../../package.json").dependencies[pin.package]).toBe(pin.packageVersion);
  expect(lock.packages[""].dependencies[pin.package]).toBe(pin.packageVersion);
  expect(lock.packages[`node_modules/${pin.package}`].version).toBe(pin.packageVersion);
  const wasm = createRequire(import.meta.url).resolve(`${pin.package}/${pin.file}`);
  expect(statSync(wasm).size).toBe(pin.bytes);
});
