import { type Asset, type AtlasClient, assetTypes } from "../../atlas/types.ts";
import { throwIfAborted } from "../../errors.ts";
import type { Storage } from "../../storage/storage.ts";
import { chooseAssetName } from "../../submit/asset/asset-name.ts";
import type { Events } from "../events.ts";
import type { Problem } from "../http/problem.ts";
import type { RequestContext } from "../http/request-context.ts";
import { signedUploadLifetime } from "../signed-uploads/context.ts";
import type { CheckedUpload } from "../spooled-body.ts";
import { type Uploader, uploadLifetime } from "../uploader.ts";
import { uploadUrl } from "./bucket-client.ts";
import { findUploadUrl, lookForUploadUrl } from "./find-by-url.ts";
import { RegisterOnce } from "./register-once.ts";
import type { Ticket } from "./ticket.ts";

/** How files become assets: with a ledger through `submit`, without one by the service's calls alone. */
export interface Registrar {
  /** Registers an upload. The name is the page's choice; null for a generated one. */
  register(ticket: Ticket, assetName: string | null, request: RequestContext): Promise<Asset>;
  /**
   * The asset that the label has of the bytes announced in a ticket, if the upload is no longer there because another
   * handler has registered it. Only with a ledger. @throws Problem `missing`
   */
  findRegistered(
    ticket: Ticket,
    assetName: string | null,
    request: RequestContext,
    missing: Problem,
  ): Promise<Asset>;
  /** Uploads and registers a file that passed. */
  submit(file: CheckedUpload, label: string | null, request: RequestContext): Promise<Asset>;
}

/**
 * Registers without a ledger: each upload at most once by this handler, and an upload that another one issued only if
 * the service does not list it.
 */
export function registrarWithoutLedger(
  atlas: AtlasClient,
  uploader: Uploader,
  { issuer, storage }: { issuer: string; storage: Storage | null },
  { emit }: Events,
): Registrar {
  const once = new RegisterOnce(storage ? signedUploadLifetime : uploadLifetime);
  const registrar: Registrar = {
    async register(ticket, assetName, { onProgress, signal }) {
      throwIfAborted(signal);
      const { kind, label } = ticket;
      const url = await uploadUrl(ticket, storage, signal);
      const { asset, reused } = await once.run(
        ticket.nonce,
        async () => {
          const found = ticket.issuer === issuer ? null : await findUploadUrl(atlas, url);
          // Without the signal: a registration that was aborted halfway has an unknown outcome.
          if (found) return found;
          const name = assetName ?? generatedName(ticket);
          return atlas.registerAsset({ type: assetTypes[kind], url, name }, { onProgress });
        },
        () => lookForUploadUrl(atlas, url),
      );
      emit({ type: "registered", assetId: asset.id, kind, reused, label });
      return asset;
    },
    findRegistered: (_ticket, _name, _request, missing) => Promise.reject(missing),
    async submit(file, label, request) {
      const ticket = await uploader.upload(file, label, request);
      return registrar.register(ticket, file.declared.assetName, request);
    },
  };
  return registrar;
}

function generatedName({ filename, kind, sha256 }: Ticket): string {
  return chooseAssetName(undefined, filename, kind, sha256 ?? "").assetName;
}
