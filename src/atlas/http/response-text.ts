import { InvalidAnswer } from "./call.ts";

const maxAnswerBytes = 16 * 1024 * 1024;

/** A response's text. @param onBytes called with each chunk @throws InvalidAnswer over 16 MB */
export async function readText(response: Response, onBytes: () => void): Promise<string> {
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    onBytes();
    bytes += value.byteLength;
    if (bytes > maxAnswerBytes) {
      await reader.cancel();
      throw new InvalidAnswer("an answer of more than 16 MB");
    }
    text += decoder.decode(value, { stream: true });
  }
}
