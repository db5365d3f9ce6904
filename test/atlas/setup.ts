import { afterEach } from "vitest";
import { createAtlasClient } from "../../src/atlas/client.node.ts";
import type { AtlasClientOptions } from "../../src/atlas/client.ts";
import { AtlasError } from "../../src/atlas/error.ts";
import type { AtlasClient } from "../../src/atlas/types.ts";
import { type Answer, type ScriptedService, type Seen, scriptedService } from "./scripted-service.ts";

export const key = "sk-test-0123456789abcdef";

const open: ScriptedService[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((service) => service.close()));
});

/** A client of a scripted server; its retries do not pause for long. */
export async function clientOf(
  script: (request: Seen, count: number) => Answer | Promise<Answer>,
  options: Partial<AtlasClientOptions> = {},
): Promise<{ client: AtlasClient; seen: Seen[]; service: ScriptedService }> {
  const service = await scriptedService(script);
  open.push(service);
  const client = createAtlasClient({
    apiKey: key,
    apiBaseUrl: `${service.url}/api/v1`,
    consoleBaseUrl: `${service.url}/console/v1`,
    ...options,
    retry: { base: 2, cap: 10, outage: 200, ...options.retry },
  });
  return { client, seen: service.seen, service };
}

/** The AtlasError that a promise is rejected with. */
export async function refusal(promise: Promise<unknown>): Promise<AtlasError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AtlasError)) throw new Error(`no AtlasError but ${String(error)}`);
  return error;
}
