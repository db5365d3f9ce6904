import { AwsClient } from "aws4fetch";
import { describe, expect, test } from "vitest";
import { ran } from "../run.ts";

/** Starts the emulator, sends one request for each key, and stops it. */
async function statuses(args: readonly string[], keys: readonly string[]) {
  const stop = new AbortController();
  const found: number[] = [];
  const { code, err } = await ran(["emulator", "--quiet", ...args], {
    signal: stop.signal,
    onOut: (text) => {
      const base = /^export ATLASCLOUD_CONSOLE_BASE_URL=(.*)$/m.exec(text)?.[1];
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

  test("--bucket serves an S3 bucket, and prints the environment that reaches it", async () => {
    const stop = new AbortController();
    let used: Promise<string[]> = Promise.resolve([]);
    const flags = ["--bucket", "media", "--bucket-cors", "https://app.example"];
    const { code } = await ran(["emulator", "--quiet", ...flags], {
      signal: stop.signal,
      onOut: (text) => {
        const value = (name: string) => new RegExp(`^export ${name}=(.*)$`, "m").exec(text)?.[1] ?? "";
        used = useBucket(value).finally(() => stop.abort());
      },
    });
    expect(code).toBe(0);
    expect(await used).toEqual(["200", "kept", "403", "https://app.example"]);
  });

  test("--bucket refuses what is no bucket name, and --bucket-cors without it", async () => {
    expect(await ran(["emulator", "--bucket", "No/Name"])).toMatchObject({ code: 2 });
    const { code, err } = await ran(["emulator", "--bucket-cors", "https://app.example"]);
    expect({ code, named: err.includes("--bucket NAME") }).toEqual({ code: 2, named: true });
  });
});

/** Puts and gets an object with the printed keys and with others, and asks as a page would. */
async function useBucket(value: (name: string) => string): Promise<string[]> {
  const url = `${value("AWS_ENDPOINT_URL_S3")}/media/key`;
  const keys = {
    accessKeyId: value("AWS_ACCESS_KEY_ID"),
    secretAccessKey: value("AWS_SECRET_ACCESS_KEY"),
    region: value("AWS_REGION"),
    service: "s3",
  };
  const aws = new AwsClient(keys);
  const put = await aws.fetch(url, { method: "PUT", body: "kept" });
  const got = await aws.fetch(url);
  const wrong = await new AwsClient({ ...keys, secretAccessKey: "another" }).fetch(url);
  const headers = { origin: "https://app.example", "access-control-request-method": "PUT" };
  const allowed = await fetch(url, { method: "OPTIONS", headers });
  return [
    String(put.status),
    await got.text(),
    String(wrong.status),
    allowed.headers.get("access-control-allow-origin") ?? "none",
  ];
}
