import type { Storage } from "../../storage/storage.ts";
import type { HandlerContext } from "../context.ts";
import { Problem } from "../http/problem.ts";
import type { Ticket } from "../registration/ticket.ts";
import type { UploadQuota } from "./quota.ts";

/** The context of signed uploads. */
export interface SignedUploadContext extends HandlerContext {
  storage: Storage;
  quota: UploadQuota;
  /** The handler's own random id. */
  issuer: string;
}

/** Milliseconds for which an upload can be continued and registered; the bucket should delete others after a day. */
export const signedUploadLifetime = 24 * 60 * 60_000;

/** Who sends a request: a ticket is valid for the same label and origin only. */
export interface Caller {
  label: string | null;
  /** The Origin header; null without one. */
  origin: string | null;
}

export const callerOf = (request: Request, label: string | null): Caller => ({
  label,
  origin: request.headers.get("origin"),
});

/** A signed upload, with what was announced. */
export type SignedUploadTicket = Ticket & { incoming: NonNullable<Ticket["incoming"]>; sha256: string };

export const isSignedUpload = (ticket: Ticket): ticket is SignedUploadTicket =>
  ticket.use === "incoming" && ticket.incoming !== undefined && ticket.sha256 !== null;

/**
 * The ticket of a signed upload, for the label and the origin that it was issued to.
 * @throws Problem 404
 */
export async function readSignedUploadTicket(
  { tickets }: Pick<HandlerContext, "tickets">,
  id: string,
  { label, origin }: Caller,
): Promise<SignedUploadTicket> {
  const ticket = await tickets.read(id, "incoming", label);
  if (ticket && isSignedUpload(ticket) && ticket.incoming.origin === origin) return ticket;
  throw new Problem(404, "not-found", "no such upload, or it is too old", { hint: "send the file again" });
}
