import { afterEach, describe, expect, it, vi } from "vitest";
import type { AtlasClient } from "../../src/atlas/types.ts";
import { createServerClient } from "../../src/server-client/client.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the endpoint", () => {
  it.each([
    ["https://own.example/media", "https://own.example/media"],
    ["https://own.example/media//?session=SECRET#x", "https://own.example/media"],
    ["https://own.example", "https://own.example"],
  ])("%s is asked at %s", (endpoint, base) => {
    expect(createServerClient({ endpoint }).consoleBaseUrl).toBe(base);
  });

  it.each([
    ["/media/", "https://shop.example/media"],
    ["media", "https://shop.example/en/media"],
    ["https://own.example/media", "https://own.example/media"],
  ])("%s in a page is asked at %s", (endpoint, base) => {
    vi.stubGlobal("location", { href: "https://shop.example/en/cart?x=1" });
    expect(createServerClient({ endpoint }).consoleBaseUrl).toBe(base);
  });

  it("that is not a URL is refused at once", () => {
    expect(() => createServerClient({ endpoint: "http://" })).toThrow(
      expect.objectContaining({
        code: "usage",
        message: 'the endpoint "http://" is not a URL or path',
        hint: expect.stringContaining("where the handler is mounted"),
      }),
    );
  });

  it("that is a path is accepted while a page is rendered on a server, and resolved in the page", () => {
    const client = createServerClient({ endpoint: "/media" });
    vi.stubGlobal("location", { href: "https://shop.example/en/cart" });
    expect(client.consoleBaseUrl).toBe("https://shop.example/media");
  });

  it("that is a path cannot be used outside a page", async () => {
    const client = createServerClient({ endpoint: "/media" });
    await expect(client.getAsset("1")).rejects.toMatchObject({
      code: "usage",
      message: 'the endpoint "/media" can only be used in a page',
      hint: expect.stringContaining("outside a page, a URL"),
    });
  });
});

it("waits longer for a registration than the handler may take to verify a large upload", () => {
  expect(createServerClient({ endpoint: "https://own.example" }).registrationTimeout).toBeGreaterThan(
    10 * 60_000,
  );
});

describe("calls that the handler does not offer", () => {
  const calls: [keyof AtlasClient, (client: AtlasClient) => unknown][] = [
    ["listAssets", (client) => client.listAssets()],
    ["renameAsset", (client) => client.renameAsset("1", "x")],
    ["trashAsset", (client) => client.trashAsset("1")],
    ["listTrash", (client) => client.listTrash()],
    ["restoreAsset", (client) => client.restoreAsset("1")],
    ["generateVideo", (client) => client.generateVideo({ model: "m" })],
    ["getPrediction", (client) => client.getPrediction("1")],
    ["waitForPrediction", (client) => client.waitForPrediction("1")],
  ];
  it.each(calls)("%s is refused by name", async (name, call) => {
    const client = createServerClient({ endpoint: "https://own.example" });
    await expect((async () => call(client))()).rejects.toMatchObject({
      code: "usage",
      message: `${name} is not offered by the server handler`,
      hint: "do it on the server, with createAtlasClient",
    });
  });
});
