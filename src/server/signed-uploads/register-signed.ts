import type { Asset } from "../../atlas/types.ts";
import { throwIfAborted } from "../../errors.ts";
import { ExpiringMap } from "../expiring-map.ts";
import type { RequestContext } from "../http/request-context.ts";
import { acceptUpload, notUploaded, removeIncoming } from "./accept-upload.ts";
import type { SignedUploadContext, SignedUploadTicket } from "./context.ts";

/** Milliseconds that verifying, copying and registering one upload may take. */
const deadline = 10 * 60_000;

/**
 * Registers signed uploads, each once: a page whose response was lost repeats its request and gets the same asset. The work
 * does not end with the connection of the request that started it: proxies close one without data after a minute, and a
 * large file can take longer. A repeated request waits for the same work.
 */
export class SignedRegistrations {
  readonly #results = new ExpiringMap<Promise<Asset>>();

  /** @param assetName the page's choice; null for a generated name */
  async register(
    context: SignedUploadContext,
    ticket: SignedUploadTicket,
    assetName: string | null,
    { signal }: RequestContext,
  ): Promise<Asset> {
    throwIfAborted(signal);
    const earlier = this.#results.get(ticket.nonce);
    if (earlier) return earlier;
    const request = { onProgress: () => {}, signal: AbortSignal.timeout(deadline) };
    const asset = accept(context, ticket, assetName, request);
    this.#results.set(ticket.nonce, asset, ticket.expires);
    asset.catch(() => this.#results.delete(ticket.nonce));
    return asset;
  }
}

async function accept(
  context: SignedUploadContext,
  ticket: SignedUploadTicket,
  assetName: string | null,
  request: RequestContext,
): Promise<Asset> {
  const freeSlot = context.slots.take(ticket.label);
  try {
    const accepted = await acceptUpload(context, ticket, request.signal).catch((error: unknown) => {
      if (error === notUploaded) return null;
      throw error;
    });
    const { registrar } = context;
    if (!accepted) return await registrar.findRegistered(ticket, assetName, request, notUploaded);
    const asset = await registrar.register(accepted, assetName, request);
    await removeIncoming(context, ticket);
    return asset;
  } finally {
    freeSlot();
  }
}
