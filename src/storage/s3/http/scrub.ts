import { redactText } from "../../../bytes/url/redact.ts";
import type { S3Credentials } from "../credentials.ts";

/** Removes credentials, URLs' queries and signatures. */
export function scrubber({
  secretAccessKey,
  sessionToken,
  accessKeyId,
}: S3Credentials): (text: string) => string {
  const secrets = [secretAccessKey, sessionToken, accessKeyId].filter((word) => word && word.length >= 8);
  return (text) => {
    const plain = redactText(text).replace(/\bSignature=?\s*[\da-f]{64}/gi, "[signature]");
    return secrets.reduce<string>((out, secret) => out.replaceAll(secret as string, "[key]"), plain);
  };
}
