import { elementsOf, textOf } from "../http/xml.ts";

/**
 * Whether a lifecycle configuration deletes objects below a prefix within a day or two, and frees unfinished multipart
 * uploads within a week (Amazon S3 API Reference, "GetBucketLifecycleConfiguration"; rules with tags or sizes do not
 * apply to every object).
 */
export function lifecycleOf(xml: string, prefix: string): { expires: boolean; aborts: boolean } {
  const applying = elementsOf(xml, "Rule").filter((rule) => {
    const filtered = /<(?:Tag|ObjectSizeGreaterThan|ObjectSizeLessThan)>/.test(rule);
    return (
      textOf(rule, "Status") === "Enabled" && !filtered && prefix.startsWith(textOf(rule, "Prefix") ?? "")
    );
  });
  const days = (element: string, name: string): number[] =>
    applying
      .flatMap((rule) => elementsOf(rule, element))
      .map((inner) => Number(textOf(inner, name) ?? Number.NaN));
  return {
    expires: days("Expiration", "Days").some((count) => count >= 1 && count <= 2),
    aborts: days("AbortIncompleteMultipartUpload", "DaysAfterInitiation").some(
      (count) => count >= 1 && count <= 7,
    ),
  };
}
