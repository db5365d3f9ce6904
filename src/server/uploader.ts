import type { AtlasClient } from "../atlas/types.ts";
import { sha256OfBlob } from "../bytes/sha256.ts";
import type { Kind } from "../facts/formats.ts";
import type { Events } from "./events.ts";
import type { RequestContext } from "./http/request-context.ts";
import type { Ticket } from "./registration/ticket.ts";
import type { CheckedUpload } from "./spooled-body.ts";

/** Milliseconds for which an upload can be registered, and an asset can be fetched. */
export const uploadLifetime = 10 * 60_000;
export const assetLifetime = 24 * 60 * 60_000;

/** Uploads files that passed, and makes tickets. */
export interface Uploader {
  /** Uploads the bytes. @returns the ticket with which they can be registered */
  upload(file: CheckedUpload, label: string | null, request: RequestContext): Promise<Ticket>;
  assetTicket(id: string, kind: Kind, label: string | null): Ticket;
}

/** @param issuer the handler's own random id */
export function createUploader(atlas: AtlasClient, issuer: string, { emit }: Events): Uploader {
  const newTicket = (
    of: Pick<Ticket, "use" | "ref" | "kind" | "label" | "sha256" | "filename">,
    lifetime: number,
  ): Ticket => ({ ...of, nonce: crypto.randomUUID(), expires: Date.now() + lifetime, issuer });
  return {
    async upload({ body, declared, kind, report }, label, { onProgress, signal }) {
      const { filename } = declared;
      const sha256 = await sha256OfBlob(body);
      // From a File's name, the client makes one whose extension matches the bytes.
      const { url } = await atlas.uploadMedia(new File([body], filename), {
        contentType: report.facts.mime ?? undefined,
        onProgress,
        signal,
      });
      emit({ type: "uploaded", bytes: body.size, kind, label });
      return newTicket({ use: "upload", ref: url, kind, label, sha256, filename }, uploadLifetime);
    },
    assetTicket: (id, kind, label) =>
      newTicket({ use: "asset", ref: id, kind, label, sha256: null, filename: "" }, assetLifetime),
  };
}
