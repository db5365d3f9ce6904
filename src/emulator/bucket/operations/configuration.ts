import { type CorsRule, corsXml, parseCors } from "../cors.ts";
import { emptyResponse, type S3Response, xmlResponse } from "../response.ts";
import { S3Error } from "../s3-error.ts";
import { type Exchange, xmlBody } from "./exchange.ts";

/** What a bucket is configured to; it does not survive a restart of the emulator. */
export interface Configuration {
  cors: readonly CorsRule[];
  /** The lifecycle document as it was put, or null. It is stored and has no effect. */
  lifecycle: string | null;
}

export async function getCors({ configuration: { cors } }: Exchange): Promise<S3Response> {
  if (cors.length === 0)
    throw new S3Error("NoSuchCORSConfiguration", "The CORS configuration does not exist");
  return xmlResponse("CORSConfiguration", corsXml(cors));
}

export async function putCors(exchange: Exchange): Promise<S3Response> {
  exchange.configuration.cors = parseCors(await xmlBody(exchange));
  return emptyResponse(200);
}

export async function deleteCors({ configuration }: Exchange): Promise<S3Response> {
  configuration.cors = [];
  return emptyResponse(204);
}

export async function getLifecycle({ configuration: { lifecycle } }: Exchange): Promise<S3Response> {
  if (lifecycle === null)
    throw new S3Error("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist");
  return { status: 200, headers: { "content-type": "application/xml" }, body: lifecycle };
}

export async function putLifecycle(exchange: Exchange): Promise<S3Response> {
  const xml = await xmlBody(exchange);
  if (!/<LifecycleConfiguration[\s>]/.test(xml))
    throw new S3Error(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  exchange.configuration.lifecycle = xml;
  return emptyResponse(200);
}

export async function deleteLifecycle({ configuration }: Exchange): Promise<S3Response> {
  configuration.lifecycle = null;
  return emptyResponse(204);
}

export async function bucketLocation({ settings }: Exchange): Promise<S3Response> {
  // S3 writes us-east-1 as no location at all.
  return xmlResponse("LocationConstraint", settings.region === "us-east-1" ? "" : settings.region);
}
