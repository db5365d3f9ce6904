import type { GenerateBody } from "../../../atlas/types.ts";
import { type Parsed, usage } from "../../args/parse.ts";

/** The request that the flags describe. @throws MediaPreflightError `usage` */
export function bodyOf(args: Parsed): GenerateBody {
  const { model, prompt, image, duration, resolution, ratio, seed } = args.values;
  if (!model) throw usage("generate needs --model MODEL", "generate");
  const given = (name: string): true | undefined => (args.switches.has(name) ? true : undefined);
  const body: Record<string, unknown> = {
    model,
    prompt,
    image,
    last_image: args.values["last-image"],
    reference_images: args.lists["reference-image"],
    reference_videos: args.lists["reference-video"],
    reference_audios: args.lists["reference-audio"],
    duration: integer(duration, "duration"),
    resolution,
    ratio,
    seed: integer(seed, "seed"),
    generate_audio: given("generate-audio"),
    watermark: given("watermark"),
    return_last_frame: given("return-last-frame"),
  };
  for (const key of Object.keys(body)) if (body[key] === undefined) delete body[key];
  return body as GenerateBody;
}

function integer(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d{1,10}$/.test(text)) throw usage(`--${flag} is a whole number, not "${text}"`, "generate");
  return Number(text);
}
