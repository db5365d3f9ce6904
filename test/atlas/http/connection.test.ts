import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { createAtlasClient } from "../../../src/atlas/client.node.ts";
import { userAgent } from "../../../src/atlas/http/user-agent.ts";
import { clientOf, key, refusal } from "../setup.ts";

/* Answers from between the client and the service: redirects, pages, filters, certificates, proxies. */

const bytes = new Uint8Array(300_000);
const named = { filename: "a.png", contentType: "image/png" };

describe("an answer to an upload that is not the service's", () => {
  it("a redirect is named with its target, and not retried", async () => {
    const { client, seen } = await clientOf(() => ({
      status: 302,
      headers: { location: "https://login.example/in?token=SECRET" },
    }));
    const error = await refusal(client.uploadMedia(bytes, named));
    expect(error).toMatchObject({ code: "protocol", status: 302, retryable: false });
    expect(error.message).toContain("a redirect to https://login.example/in");
    expect(error.message).not.toContain("SECRET");
    expect(error.hint).toContain("is the api base URL right?");
    // The file once, and once without it, to learn where the redirect leads.
    expect(seen.map(({ body }) => body.length > 0)).toEqual([true, false]);
  });

  it("a page with status 200 is reported at once", async () => {
    const { client, seen } = await clientOf(() => ({ text: "<!doctype html><title>Sign in</title>" }));
    const error = await refusal(client.uploadMedia(bytes, named));
    expect(error).toMatchObject({ code: "protocol", retryable: false });
    expect(error.hint).toContain("base URL");
    expect(seen).toHaveLength(1);
  });

  it.each([
    ["text", "error code: 1010"],
    ["HTML", "<html><body>Access denied. error code: 1010</body></html>"],
  ])("403 with code 1010 in %s is not retried", async (_, text) => {
    const { client, seen } = await clientOf(() => ({ status: 403, text }));
    const error = await refusal(client.uploadMedia(bytes, named));
    expect(error).toMatchObject({
      code: "forbidden",
      retryable: false,
      hint: expect.stringContaining("User-Agent"),
    });
    expect(seen).toHaveLength(1);
  });

  it("a size other than what was sent is an error", async () => {
    const { client, seen } = await clientOf(() => ({
      json: { code: 200, data: { download_url: "https://cdn.example/a", size: 8 } },
    }));
    const error = await refusal(client.uploadMedia(bytes, named));
    expect(error).toMatchObject({ code: "protocol", retryable: false });
    expect(error.message).toContain("an upload of 8 bytes, but 300000 were sent");
    expect(seen).toHaveLength(1);
  });
});

describe("requests", () => {
  it("name the client and its version", async () => {
    const { client, seen } = await clientOf(({ path }) =>
      path.includes("upload")
        ? { json: { url: "https://cdn.example/a" } }
        : { json: { id: "7", status: "active" } },
    );
    await client.getAsset("7");
    await client.uploadMedia(bytes, named);
    const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
    expect(userAgent).toBe(`media-preflight/${version}`);
    expect(seen.map(({ headers }) => headers["user-agent"])).toEqual([userAgent, userAgent]);
  });

  it("are limited to a rate that all uploads share", async () => {
    const { rateLimit } = await import("../../../src/async/rate-limit.ts");
    const { client, seen } = await clientOf(() => ({ json: { url: "https://cdn.example/a" } }));
    const shared = rateLimit(600_000);
    const begun = performance.now();
    await Promise.all([1, 2].map(() => client.uploadMedia(bytes, { ...named, rateLimit: shared })));
    expect(performance.now() - begun).toBeGreaterThan(900);
    expect(seen.map(({ body }) => body.length > bytes.length)).toEqual([true, true]);
  });

  it("that wait for the rate limit are not considered stalled", async () => {
    const { rateLimit } = await import("../../../src/async/rate-limit.ts");
    const { client, seen } = await clientOf(() => ({ json: { url: "https://cdn.example/a" } }), {
      timeout: 150,
    });
    await client.uploadMedia(new Uint8Array(50_000), { ...named, rateLimit: rateLimit(50_000) });
    expect(seen).toHaveLength(1);
  });
});

describe("a closed account", () => {
  it.each([
    [{ code: "AccountOverdueError", message: "x" }, 403, "payment-required"],
    [{ code: 400, message: "your account is suspended" }, 400, "forbidden"],
    [{ code: "AccountClosed", message: "x" }, 200, "forbidden"],
    [{ code: 403, message: "no access to this model" }, 403, "forbidden"],
  ])("%j with HTTP %i is %s", async (json, status, code) => {
    const { client } = await clientOf(() => ({ status, json }));
    expect(await refusal(client.getAsset("7"))).toMatchObject({ code, retryable: false });
  });
});

describe("no connection", () => {
  it("names the address and the variable that holds it", async () => {
    const { service } = await clientOf(() => ({ json: {} }));
    await service.close();
    const client = createAtlasClient({ apiKey: key, consoleBaseUrl: service.url, retry: { attempts: 1 } });
    const error = await refusal(client.getAsset("7"));
    expect(error).toMatchObject({ code: "network", retryable: true });
    expect(error.message).toContain(`no connection to ${new URL(service.url).origin}`);
    expect(error.hint).toMatch(/is a server running there\?.*ATLASCLOUD_CONSOLE_BASE_URL/);
  });

  it("says that fetch does not use a port", async () => {
    const client = createAtlasClient({ apiKey: key, consoleBaseUrl: "http://127.0.0.1:9" });
    const error = await refusal(client.getAsset("7"));
    expect(error).toMatchObject({ code: "network", outcome: "none", retryable: false });
    expect(error.message).toContain("fetch does not use port 9");
  });
});

describe("a certificate that is not trusted", () => {
  const folder = mkdtempSync(join(tmpdir(), "atlas-tls-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const openssl = hasOpenssl();
  it.skipIf(!openssl)(
    `is named, with the variable to set${openssl ? "" : " (skipped: no openssl)"}`,
    async () => {
      const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
      execFileSync(
        "openssl",
        `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Example\\ Inspecting\\ Proxy\\ CA -addext subjectAltName=IP:127.0.0.1 -keyout ${keyFile} -out ${certFile}`
          .split(/(?<!\\) /)
          .map((part) => part.replaceAll("\\ ", " ")),
        { stdio: "ignore" },
      );
      const server = createTlsServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, (_, res) =>
        res.end(),
      );
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      const client = createAtlasClient({ apiKey: key, consoleBaseUrl: `https://127.0.0.1:${port}` });
      const error = await refusal(client.getAsset("7"));
      server.close();
      expect(error).toMatchObject({ code: "network", outcome: "none", retryable: false });
      expect(error.message).toMatch(
        /certificate of 127\.0\.0\.1 is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
      );
      expect(error.message).toContain("issued by Example Inspecting Proxy CA");
      expect(error.hint).toContain("NODE_EXTRA_CA_CERTS");
    },
  );
});

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("a proxy", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("that is set but not used is mentioned if there is no connection", async () => {
    const { service } = await clientOf(() => ({ json: {} }));
    await service.close();
    vi.stubEnv("NODE_USE_ENV_PROXY", "");
    vi.stubEnv("HTTP_PROXY", "http://user:secret@proxy.example:8080");
    vi.stubEnv("http_proxy", "");
    vi.stubEnv("NO_PROXY", "");
    const client = createAtlasClient({ apiKey: key, consoleBaseUrl: service.url, retry: { attempts: 1 } });
    const error = await refusal(client.getAsset("7"));
    expect(error.hint).toContain("HTTP_PROXY is set");
    expect(error.hint).toContain("NODE_USE_ENV_PROXY=1");
    vi.stubEnv("NO_PROXY", "127.0.0.1");
    expect((await refusal(client.getAsset("7"))).hint).not.toContain("HTTP_PROXY");
  });

  it("that is used and refuses is named by its variable and host, without its password", async () => {
    const proxy = createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    const said = await inProcess({
      NODE_USE_ENV_PROXY: "1",
      HTTPS_PROXY: `http://user:secret@127.0.0.1:${port}`,
    });
    proxy.close();
    expect(said).toContain("the proxy refused the connection");
    expect(said).toContain(`the proxy in HTTPS_PROXY (127.0.0.1:${port})`);
    expect(said).not.toContain("secret");
  });
});

/** Message and hint of a call that cannot succeed, in a process of its own: Node.js reads these variables at start. */
async function inProcess(env: Record<string, string>): Promise<string> {
  const client = new URL("../../../src/atlas/client.node.ts", import.meta.url).href;
  const script = `
    import { createAtlasClient } from ${JSON.stringify(client)};
    const atlas = createAtlasClient({ apiKey: "k", consoleBaseUrl: "https://console.example.test", retry: { attempts: 1 } });
    atlas.getAsset("7").catch(({ message, hint }) => console.log(message, hint));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: { PATH: process.env.PATH, ...env },
  });
  let said = "";
  for await (const text of child.stdout) said += text;
  return said;
}

describe("the base URLs", () => {
  it.each([
    [{ apiBaseUrl: "https://console.atlascloud.ai/api/v1" }, "console"],
    [{ consoleBaseUrl: "https://api.atlascloud.ai/api/v1" }, "api"],
    [{ apiBaseUrl: "https://CONSOLE.atlascloud.ai./api/v1" }, "console"],
  ])("%j is refused: it is the other host's", (options, host) => {
    expect(() => createAtlasClient({ apiKey: key, ...options })).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining(`is the ${host} host's`) }),
    );
  });

  it("may be equal if they are the user's own", () => {
    const base = "https://gateway.example/v1";
    expect(createAtlasClient({ apiKey: key, apiBaseUrl: base, consoleBaseUrl: base }).consoleBaseUrl).toBe(
      base,
    );
  });

  it("are read from the environment by every default client", async () => {
    const { createAtlasClient: createGeneric } = await import("../../../src/atlas/client.ts");
    vi.stubEnv("ATLASCLOUD_CONSOLE_BASE_URL", "https://emulator.example/v1");
    expect(createGeneric({ apiKey: key }).consoleBaseUrl).toBe("https://emulator.example/v1");
    vi.unstubAllEnvs();
  });
});

describe("the key", () => {
  it.each([`"${key}"`, `'${key}'`, `“${key}”`, `\`${key}\``])(
    "%s: quotation marks are pointed out",
    (apiKey) => {
      expect(() => createAtlasClient({ apiKey })).toThrow(
        expect.objectContaining({ code: "no-key", message: "the API key is in quotation marks" }),
      );
    },
  );

  it("with the word Bearer is pointed out", () => {
    expect(() => createAtlasClient({ apiKey: `Bearer ${key}` })).toThrow(/Bearer/);
  });

  it.each<[string, () => string | Promise<string>]>([
    [
      "throws",
      () => {
        throw new Error("vault sealed");
      },
    ],
    ["rejects", () => Promise.reject(new Error("vault sealed"))],
  ])("a function for it that %s is a coded error, and nothing is sent", async (_, apiKey) => {
    const { client, seen } = await clientOf(() => ({ json: {} }), { apiKey });
    const error = await client.getAsset("7").catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "no-key",
      cause: expect.objectContaining({ message: "vault sealed" }),
    });
    expect(seen).toHaveLength(0);
  });

  it("a function for it that never ends stops with the caller's signal", async () => {
    const { client } = await clientOf(() => ({ json: {} }), { apiKey: () => new Promise<string>(() => {}) });
    const call = client.getAsset("7", { signal: AbortSignal.timeout(50) });
    await expect(call).rejects.toMatchObject({ code: "timeout" });
  });
});
