import { expect, test } from "vitest";
import { credentialsCache } from "../../../src/storage/s3/credentials.ts";
import { s3Storage } from "../../../src/storage/s3-storage.node.ts";

/* Keys that expire: when they are fetched, and how long an address lives. */

const keys = { accessKeyId: "AKIAEXAMPLEEXAMPLE00", secretAccessKey: "a-secret-that-nobody-may-see" };
const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);
const hour = 3_600_000;

test("keys that a function fetches are used until they are about to expire", async () => {
  let calls = 0;
  const cache = credentialsCache(() => ({ ...keys, expiration: inMinutes(++calls === 1 ? 4 : 60) }));
  await Promise.all([cache.get(null), cache.get(null)]);
  expect(calls).toBe(1);
  await cache.get(null);
  expect(calls).toBe(2);
  await cache.get(null);
  expect(calls).toBe(2);
});

test("an address lives for an hour, or as long as the keys; less than 30 minutes is refused", async () => {
  const storage = (minutes: number | null) =>
    s3Storage({
      bucket: "media",
      region: "eu-central-1",
      credentials: () => ({
        ...keys,
        sessionToken: "token",
        ...(minutes !== null && { expiration: inMinutes(minutes) }),
      }),
    });
  const seconds = async (minutes: number | null): Promise<number> => {
    const { url, expiresAt } = await storage(minutes).address("a.mp4", { expiresIn: hour });
    const query = new URL(url).searchParams;
    expect(query.get("X-Amz-Security-Token")).toBe("token");
    expect(
      Math.abs(Date.parse(expiresAt ?? "") - Date.now() - Number(query.get("X-Amz-Expires")) * 1000),
    ).toBeLessThan(2000);
    return Number(query.get("X-Amz-Expires"));
  };
  expect(await seconds(null)).toBe(3600);
  expect(await seconds(45)).toBeGreaterThan(44 * 60);
  expect(await seconds(45)).toBeLessThanOrEqual(45 * 60);
  await expect(seconds(29)).rejects.toMatchObject({ code: "storage-denied" });
});

test("an address under publicBaseUrl has no signature", async () => {
  const storage = s3Storage({
    ...keys,
    bucket: "media",
    prefix: "clips/",
    publicBaseUrl: "https://cdn.example/m/",
  });
  const key = storage.keyOf({ sha256: "ab".repeat(32), extension: "mp4" });
  expect(await storage.address(key, { expiresIn: hour })).toEqual({
    url: `https://cdn.example/m/clips/${"ab".repeat(32)}.mp4`,
    expiresAt: null,
  });
});

test("keys with a line end, and none at all, are refused without being repeated", () => {
  for (const accessKeyId of ["", "AKIA\n"])
    expect(() => s3Storage({ bucket: "media", accessKeyId, secretAccessKey: keys.secretAccessKey })).toThrow(
      expect.objectContaining({ code: "storage-denied", message: expect.not.stringContaining("secret") }),
    );
});

test("a function that fails is named, and its secrets are not", async () => {
  const storage = s3Storage({
    bucket: "media",
    credentials: () =>
      Promise.reject(Object.assign(new Error("no profile"), { request: { token: "hidden" } })),
  });
  const error = await storage.address("a.mp4", { expiresIn: hour }).catch((e: unknown) => e);
  expect(error).toMatchObject({
    code: "storage-denied",
    cause: expect.objectContaining({ message: "no profile" }),
  });
  expect(JSON.stringify(error)).not.toContain("hidden");
});
