import { isIP } from "node:net";
import { connect, type DetailedPeerCertificate } from "node:tls";

const deadline = 5000;

/**
 * The certificate that a server presents, for an error message: "for *.example.com, issued by Example CA, valid until
 * 2026-12-31". Nothing is sent over the connection. Null if it cannot be seen, as behind a proxy.
 */
export function describeCertificate(origin: string): Promise<string | null> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve) => {
    // The certificate is known to be untrusted; only its names are read.
    const name = isIP(host) ? {} : { servername: host };
    const socket = connect({ host, port: Number(port) || 443, ...name, rejectUnauthorized: false });
    const end = (description: string | null): void => {
      socket.destroy();
      resolve(description);
    };
    socket.setTimeout(deadline, () => end(null));
    socket.on("error", () => end(null));
    socket.once("secureConnect", () => end(describe(socket.getPeerCertificate(true))));
  });
}

function describe(certificate: DetailedPeerCertificate): string | null {
  if (!certificate?.subject) return null;
  const subject = nameOf(certificate.subject);
  const root = lastIssuer(certificate);
  const until = new Date(certificate.valid_to);
  const date = Number.isNaN(until.getTime()) ? "" : `, valid until ${until.toISOString().slice(0, 10)}`;
  return `for ${subject}, issued by ${root}${date}`;
}

/** The end of the chain as it was presented: it is the root that has to be trusted. */
function lastIssuer(certificate: DetailedPeerCertificate): string {
  let at = certificate;
  for (let depth = 0; depth < 10 && at.issuerCertificate && at.issuerCertificate !== at; depth++)
    at = at.issuerCertificate;
  return nameOf(at.issuer);
}

function nameOf(name: DetailedPeerCertificate["subject"] | undefined): string {
  const text = [name?.CN ?? name?.O ?? "an unnamed authority"].flat().join(", ");
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, "").slice(0, 120);
}
