import { send } from "../http/transport.ts";
import { statIfAllowed } from "../objects.ts";
import {
  advice,
  failed,
  ok,
  type ProbeContext,
  type ProbeResult,
  sample,
  sampleText,
  sha256,
  type,
  withDeadline,
} from "./probe.ts";

/* What submitting needs: objects that can be written, read, copied, fetched by the service, and deleted. */

/** Milliseconds that the signed address is valid. */
const addressLifetime = 3_600_000;
/** Milliseconds of clock difference that are not mentioned; from 15 minutes on, buckets refuse requests. */
const clockTolerance = 60_000;

export async function probePut({ storage, setup, key, signal }: ProbeContext): Promise<ProbeResult> {
  await storage.put(new Blob([sample]), { key, type, size: sample.byteLength, sha256, signal });
  const condition: Record<string, string> =
    setup.wire.dialect === "amz" ? { "if-none-match": "*" } : { "x-goog-if-generation-match": "0" };
  const again = await send(setup.wire, {
    name: "PutObject",
    method: "PUT",
    key,
    headers: { ...condition, "content-type": type },
    body: { content: sampleText, sha256 },
    accept: [412, 501],
    signal,
  });
  return again.status === 412
    ? ok("objects can be written, and are not written twice")
    : advice(
        "objects can be written; the provider ignores If-None-Match, so that two writers of one file both write it",
        "nothing to change: keys are made of the contents, so both write the same",
      );
}

export async function probeStat({ storage, key, signal }: ProbeContext): Promise<ProbeResult> {
  const object = await storage.stat(key, { signal });
  if (object?.size !== sample.byteLength)
    return failed("an object that was just written is not there", "use a provider with consistent reads");
  return object.sha256 === sha256
    ? ok("the bucket states the SHA-256 of objects")
    : advice(
        "the bucket states no SHA-256: an object that is there already is read once to make sure of it",
        "nothing to change",
      );
}

export async function probeRange({ storage, key, signal }: ProbeContext): Promise<ProbeResult> {
  const object = await storage.stat(key, { signal });
  const bytes = object && (await storage.open(object, { signal }).read(10, 100));
  const same = bytes && bytes.byteLength === 100 && bytes.every((byte, i) => byte === sample[10 + i]);
  return same
    ? ok("ranges of objects can be read")
    : failed("a range of an object has the wrong bytes", "use a provider that serves ranges");
}

export async function probeCopy({ storage, key, copy, signal }: ProbeContext): Promise<ProbeResult> {
  const object = await storage.stat(key, { signal });
  if (!object) return failed("an object that was just written is not there", "use another provider");
  await storage.copy(object, copy, { type, sha256, signal });
  return ok("objects can be copied within the bucket, as uploads from pages are");
}

export async function probeSign({ storage, setup, fetch, key, signal }: ProbeContext): Promise<ProbeResult> {
  const { url, expiresAt } = await storage.address(key, { expiresIn: addressLifetime, signal });
  const get = await fetch(url, { redirect: "manual", signal: withDeadline(signal) });
  const bytes = new Uint8Array(await get.arrayBuffer());
  const what = setup.publicBaseUrl ? "the address below publicBaseUrl" : "a signed address";
  if (get.status !== 200 || bytes.byteLength !== sample.byteLength)
    return failed(
      `${what} answers a plain GET with HTTP ${get.status}`,
      setup.publicBaseUrl
        ? "publicBaseUrl has to serve every key of the bucket, below its prefix"
        : "allow the keys s3:GetObject, and no bucket policy may require more than a signature",
    );
  const skew = Date.parse(get.headers.get("date") ?? "") - Date.now();
  if (Math.abs(skew) > clockTolerance)
    return advice(
      `this computer's clock is ${Math.round(Math.abs(skew) / 1000)} s from the bucket's`,
      "set the clock: from 15 minutes on, requests are refused",
    );
  const head = await fetch(url, { method: "HEAD", redirect: "manual", signal: withDeadline(signal) });
  const answer = `${what} answers a plain GET${expiresAt ? ` until ${expiresAt}` : ""}, and HEAD with HTTP ${head.status}`;
  return head.status === 200
    ? ok(answer)
    : advice(
        answer,
        "nothing to change for Atlas Cloud; a service that sends HEAD needs publicBaseUrl (--public-base-url)",
      );
}

export async function probeDelete({ storage, setup, key, copy, signal }: ProbeContext): Promise<ProbeResult> {
  await storage.remove(copy, { signal });
  await storage.remove(key, { signal });
  return (await statIfAllowed(setup.wire, key, signal)) === null
    ? ok(`objects below ${storage.incoming} can be deleted; no others ever are`)
    : failed("an object that was deleted is still there", "switch off object locks below incoming/");
}
