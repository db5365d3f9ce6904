import { type XmlValue, xmlDocument } from "./xml.ts";

/** An answer before it is written: its body is a text, or a part of a file. */
export interface S3Response {
  status: number;
  headers: Record<string, string>;
  body?: string | { path: string; start: number; end: number } | undefined;
}

export const xmlResponse = (
  name: string,
  value: XmlValue,
  headers: Record<string, string> = {},
): S3Response => ({
  status: 200,
  headers: { "content-type": "application/xml", ...headers },
  body: xmlDocument(name, value),
});

export const emptyResponse = (status: number, headers: Record<string, string> = {}): S3Response => ({
  status,
  headers,
});
