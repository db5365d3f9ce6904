import { type ClientRequest, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIPv6, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";

/** Thrown if the proxy does not connect: the address behind it was not checked. */
export class ProxyRefused extends Error {
  override readonly name = "ProxyRefused";
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** Where to connect to through a proxy. */
export interface TunnelTarget {
  proxy: URL;
  /** The IP address, resolved and checked here, so that the proxy does not resolve the name to another one. */
  address: string;
  url: URL;
  signal: AbortSignal;
}

/** A connection to an IP address through a proxy's CONNECT (RFC 9110, section 9.3.6), with TLS for https. */
export async function tunnel({ proxy, address, url, signal }: TunnelTarget): Promise<Socket> {
  const secure = url.protocol === "https:";
  const port = url.port || (secure ? "443" : "80");
  const authority = `${isIPv6(address) ? `[${address}]` : address}:${port}`;
  const socket = await connectThrough(proxy, authority, signal);
  if (!secure) return socket;
  const encrypted = tlsConnect({ socket, servername: url.hostname });
  return new Promise((resolve, reject) => {
    encrypted.once("secureConnect", () => resolve(encrypted));
    encrypted.once("error", (error) => {
      socket.destroy();
      reject(error);
    });
  });
}

function connectThrough(proxy: URL, authority: string, signal: AbortSignal): Promise<Socket> {
  const request = proxy.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const connecting: ClientRequest = request({
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: authority,
      headers: { host: authority, ...authorization(proxy) },
      agent: false,
      signal,
    });
    connecting.once("connect", ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket as Socket);
      socket.destroy();
      reject(new ProxyRefused(`the proxy answered ${statusCode}`));
    });
    // A proxy that does not know CONNECT answers as to any other request.
    connecting.once("response", (response) => {
      response.destroy();
      reject(new ProxyRefused(`the proxy answered ${response.statusCode}`));
    });
    connecting.once("error", (cause) =>
      reject(signal.aborted ? cause : new ProxyRefused("the proxy cannot be reached", cause)),
    );
    connecting.end();
  });
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}
