import { type Asset, type AtlasClient, assetTypes } from "../atlas/types.ts";
import { redactText } from "../bytes/url/redact.ts";
import { throwIfAborted } from "../errors.ts";
import type { Kind } from "../facts/formats.ts";
import type { Report } from "../report/report.ts";
import { findRegistered } from "./find-registered.ts";
import type { HandlerEvent } from "./options.ts";
import { Registrations } from "./registrations.ts";
import type { Claims } from "./request.ts";
import type { RequestContext } from "./stream.ts";
import type { Ticket, Tickets } from "./ticket.ts";

/** How long an upload can be registered, and an asset be asked for, in milliseconds. */
const uploadLifetime = 10 * 60_000;
const assetLifetime = 24 * 60 * 60_000;

/** A file that passed. */
export interface CheckedUpload {
  body: Blob;
  claims: Claims;
  kind: Kind;
  report: Report;
}

/** What is done for a page with a file that passed, and how an asset is shown to it. */
export interface Transfers {
  /** Sends the bytes; gives a ticket for what may be registered. */
  upload(file: CheckedUpload, label: string | null, context: RequestContext): Promise<Ticket>;
  register(ticket: Ticket, name: string | null, context: RequestContext): Promise<Asset>;
  /** Its id is a ticket: good only for whom it was issued to. */
  assetForPage(asset: Asset, kind: Kind, label: string | null): Promise<Record<string, unknown>>;
}

/** The calls of the service that a page causes, each told of. */
export function transfers(
  atlas: AtlasClient,
  tickets: Tickets,
  tell: (event: HandlerEvent) => void,
): Transfers {
  const registrations = new Registrations(uploadLifetime);

  async function upload(
    file: CheckedUpload,
    label: string | null,
    { onProgress, signal }: RequestContext,
  ): Promise<Ticket> {
    const { filename } = file.claims;
    const mime = file.report.facts.mime ?? undefined;
    const given = { contentType: mime, onProgress, signal };
    // A File carries its name to where the extension is made to fit the bytes.
    const { url } = await atlas.uploadMedia(new File([file.body], filename), given);
    tell({ type: "uploaded", bytes: file.body.size, kind: file.kind, label });
    return newTicket("upload", url, file.kind, label, uploadLifetime);
  }

  async function register(
    ticket: Ticket,
    name: string | null,
    { onProgress, signal }: RequestContext,
  ): Promise<Asset> {
    throwIfAborted(signal);
    const asked = { type: assetTypes[ticket.kind], url: ticket.ref, name: name ?? undefined };
    // Not stopped halfway where the client goes away: that would leave a doubt about what was registered.
    const asset = await registrations.once(
      ticket.nonce,
      () => atlas.registerAsset(asked, { onProgress }),
      () => findRegistered(atlas, ticket.ref),
    );
    tell({ type: "registered", assetId: asset.id, kind: ticket.kind, label: ticket.label });
    return asset;
  }

  async function assetForPage(
    asset: Asset,
    kind: Kind,
    label: string | null,
  ): Promise<Record<string, unknown>> {
    const ticket = newTicket("asset", asset.id, kind, label, assetLifetime);
    const text = (value: string | null): string | null => (value === null ? null : redactText(value));
    return {
      id: await tickets.issue(ticket),
      uri: asset.uri,
      status: asset.status,
      rawStatus: asset.rawStatus,
      type: asset.type ?? assetTypes[kind],
      name: text(asset.name),
      errorCode: text(asset.errorCode),
      errorMessage: text(asset.errorMessage),
      notes: asset.notes.map(redactText),
    };
  }

  return { upload, register, assetForPage };
}

function newTicket(
  use: Ticket["use"],
  ref: string,
  kind: Kind,
  label: string | null,
  lifetime: number,
): Ticket {
  return { use, ref, nonce: crypto.randomUUID(), kind, label, expires: Date.now() + lifetime };
}
