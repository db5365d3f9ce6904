import { type Asset, type AtlasClient, assetTypes } from "../atlas/types.ts";
import { throwIfAborted } from "../errors.ts";
import { chooseAssetName } from "../submit/asset-name.ts";
import type { Events } from "./events.ts";
import { findLostRegistration, findRegisteredElsewhere } from "./find-registered.ts";
import { RegisterOnce } from "./register-once.ts";
import type { CheckedUpload } from "./spooled-body.ts";
import type { RequestContext } from "./stream.ts";
import type { Ticket } from "./ticket.ts";
import { type Uploader, uploadLifetime } from "./uploader.ts";

/** How files become assets: with a ledger through `submit`, without one by the service's calls alone. */
export interface Registrar {
  /** Registers an upload. The name is the page's choice; null for a generated one. */
  register(ticket: Ticket, assetName: string | null, request: RequestContext): Promise<Asset>;
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
  issuer: string,
  { emit }: Events,
): Registrar {
  const once = new RegisterOnce(uploadLifetime);
  const registrar: Registrar = {
    async register(ticket, assetName, { onProgress, signal }) {
      throwIfAborted(signal);
      const { ref: url, kind, label } = ticket;
      const { asset, reused } = await once.run(
        ticket.nonce,
        async () => {
          const found = ticket.issuer === issuer ? null : await findRegisteredElsewhere(atlas, url);
          // The signal is not passed on: a registration that was stopped halfway leaves its outcome unknown.
          if (found) return found;
          const name = assetName ?? generatedName(ticket);
          return atlas.registerAsset({ type: assetTypes[kind], url, name }, { onProgress });
        },
        () => findLostRegistration(atlas, url),
      );
      emit({ type: "registered", assetId: asset.id, kind, reused, label });
      return asset;
    },
    async submit(file, label, request) {
      const ticket = await uploader.upload(file, label, request);
      return registrar.register(ticket, file.claims.assetName, request);
    },
  };
  return registrar;
}

function generatedName({ filename, kind, sha256 }: Ticket): string {
  return chooseAssetName(undefined, filename, kind, sha256 ?? "").assetName;
}
