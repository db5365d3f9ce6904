import { describe, expect, test } from "vitest";
import { ran } from "../run.ts";

/** Starts the emulator, sends one request for each key, and stops it. */
async function statuses(args: readonly string[], keys: readonly string[]) {
  const stop = new AbortController();
  const found: number[] = [];
  const { code, err } = await ran(["emulator", "--quiet", ...args], {
    signal: stop.signal,
    onOut: (text) => {
      const base = /^ATLASCLOUD_CONSOLE_BASE_URL=(.*)$/m.exec(text)?.[1];
      void (async () => {
        for (const key of keys) {
          const headers = { Authorization: `Bearer ${key}`, "User-Agent": "test/1" };
          found.push((await fetch(`${base}/sd/assets`, { headers })).status);
        }
      })().finally(() => stop.abort());
    },
  });
  return { code, err, found };
}

describe("emulator", () => {
  test("--key is the only key that it accepts, and is not printed", async () => {
    const { code, err, found } = await statuses(["--key", "my-word"], ["my-word", "another"]);
    expect({ code, accepted: found[0] !== 401, refused: found[1] === 401 }).toEqual({
      code: 0,
      accepted: true,
      refused: true,
    });
    expect(err).toBe(
      "media-preflight: it accepts only the key given by --key, in ATLASCLOUD_API_KEY; Ctrl-C ends it\n",
    );
  });
  test("without --key it accepts any", async () => {
    const { err, found } = await statuses([], ["my-word", "another"]);
    expect(found).not.toContain(401);
    expect(found).toHaveLength(2);
    expect(err).toBe("media-preflight: it accepts any key, in ATLASCLOUD_API_KEY; Ctrl-C ends it\n");
  });
});
